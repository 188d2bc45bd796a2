"""What every chart of every player draws at a step, whatever steps it was at before."""

import gzip
import inspect
import json
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
import streamlit as st
from playwright.sync_api import Browser, Page

import core.charts
from core.charts.layers import Layered
from core.link.published import VERSION
from core.player import bundle, component
from core.player.source import joined
from tests.visits import Visit, places

ROOT = Path(__file__).parents[2]
#: Besides each scene's defaults: links under which it draws other charts.
LINKS: dict[str, tuple[dict[str, str], ...]] = {
    "home.run": ({"data": "saddle", "scale": "log"},),
    "unknowns.search": ({"fit": "1"},),
    "transformer.sum": ({"data": "saddle"},),
    "optimizers.race": ({"data": "saddle", "full": "1", "lr": "1"},),
}
#: Draws one chart as the player does: anew at each of three steps, then twice through them all in one view.
#: Returns the steps at which that view drew other marks than a new one.
CHANGED = """async ({chart, steps}) => {
  const box = document.body.appendChild(document.createElement("div"));
  const marks = () => [...box.querySelectorAll("path, text, line, rect, image, circle")].map(mark => {
    const copy = mark.cloneNode(true);
    copy.removeAttribute("clip-path"); // numbered through the page, as gradients are
    return mark.closest("g[class*=mark-]")?.className.baseVal + copy.outerHTML.replace(/#gradient_\\d+/, "");
  }).sort().join("\\n");
  const visited = [...new Set([0, Math.round(steps / 3), steps])];
  const fresh = new Map();
  let cell;
  for (const step of visited) {
    cell?.view.finalize();
    const picture = document.createElement("div"); // of no size: the chart's own height holds
    cell = Object.assign(Object.create(Cell.prototype), { chart, picture, player: { step }, seen: true });
    const spec = { ...cell.spec(partsOf(chart.spec), 420), autosize: "pad" }; // the plot as wide whatever is beside it
    cell.view = (await vegaEmbed(box, spec, { actions: false, renderer: "svg" })).view;
    fresh.set(step, marks());
  }
  const changed = new Set();
  for (const step of [...visited, ...visited]) {
    await cell.draw(step);
    if (marks() !== fresh.get(step)) changed.add(step);
  }
  cell.view.finalize();
  box.remove();
  return [...changed];
}"""


def _has_step(function: Callable) -> bool:
    """Say whether a function makes a chart that follows the player: it is told the step, or has it in its axes."""
    signature = inspect.signature(function)
    kinds = [str(p.annotation) for p in signature.parameters.values()]
    moves = "step" in signature.parameters or any("Axes" in kind for kind in kinds)
    return moves and signature.return_annotation is Layered


def moving_charts() -> set[str]:
    """Name every function of core.charts, and of a scene's own charts, that makes one with the player's step."""
    names = set()
    own = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ROOT.glob("pages/*/*/chart.py")]
    for found in [*(one.name for one in iter_modules(core.charts.__path__, "core.charts.")), *own]:
        module = import_module(found)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and function.__module__ == module.__name__ and _has_step(function):
                names.add(f"{module.__name__}.{name}")
    return names


@pytest.fixture(scope="module")
def sent() -> tuple[dict[str, str], set[str]]:
    """Where the pages sent it, by what they sent to their players; and the moving charts that they never made."""
    messages: dict[str, str] = {}
    makers: set[str] = set()
    make, pack = Layered.__init__, component._message

    def made(*args, **kwargs):
        frame = sys._getframe(1)
        while frame is not None:
            makers.add(f"{frame.f_globals.get('__name__')}.{frame.f_code.co_name}")
            frame = frame.f_back
        make(*args, **kwargs)

    def packed(*args):
        message = pack(*args)
        body = gzip.decompress(message).decode()
        messages.setdefault(body, f"{page} {query} {json.loads(body)['key']}")
        return message

    st.cache_resource.clear()  # else figures that other tests have made would not be made here
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(component, "_message", packed)
        needed = moving_charts()
        patch.setattr(Layered, "__init__", made)
        for page in places():
            for query in ({}, *LINKS.get(page, ())):
                Visit(page, query={"v": VERSION} | query)
    return messages, needed - makers


@pytest.fixture(scope="module")
def drawing(browser: Browser) -> Iterator[Page]:
    """An empty page with Vega and the player's own code."""
    page = browser.new_page()
    code = joined() + "\nwindow.Cell = Cell;\nwindow.partsOf = partsOf;"
    page.add_script_tag(content=code, type="module")
    page.add_script_tag(content=bundle.build().script.decode(), type="module")
    page.wait_for_function("() => window.vegaEmbed && window.Cell")
    yield page
    page.close()


def test_the_links_lead_to_every_chart_that_moves(sent):
    _, missing = sent
    assert moving_charts()
    assert not missing


def test_a_chart_draws_the_same_at_a_step_whatever_steps_it_was_at(sent, drawing):
    messages, _ = sent
    changed = {
        f"{where} {chart['name']}": steps
        for message, where in messages.items()
        for body in [json.loads(message)]
        for chart in body["charts"]
        if (steps := drawing.evaluate(CHANGED, {"chart": chart, "steps": body["steps"]}))
    }
    assert not changed
