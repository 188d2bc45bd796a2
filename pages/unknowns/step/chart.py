"""A step on the map of the loss and in numbers: the gradient, its components, and where the step leads."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain
from core.charts.layers import FONT, Layer, Layered, keep, label, layer, make, pixels, stack
from core.charts.lines import colour_of, dash_of
from core.charts.loss_map import PATHS_SAVED, ground, path_rows, ring
from core.charts.rows import csv_rows
from core.charts.saved import Saved
from core.charts.style import NEUTRAL, ON_SHADING, OPTIMIZERS
from core.text import Text
from core.text.numbers import sig
from pages.unknowns.step.compute import BY_HAND

#: The steps by hand as `hand_rows` makes them, for both charts that draw them.
HandRows = alt.InlineData
#: Columns of the steps by hand.
HAND = ("step", "rate", "c1", "c2", "g1", "g2", "n1", "n2")
_STEP = OPTIMIZERS[BY_HAND].colour
#: An arrow that is not longer than this many pixels has no head.
_SHORTEST = 12
_FINITE = " && ".join(f"isFinite(datum.{name})" for name in HAND)


def hand_rows(steps: pd.DataFrame) -> HandRows:
    """Return the steps by hand, columns as `HAND`, as data with digits enough to reckon with."""
    return csv_rows(steps, HAND, name="hand", digits=9)


def map_chart(
    regions: pd.DataFrame,
    paths: pd.DataFrame,
    hand: HandRows,
    guess: Mapping[str, Any],
    symbols: tuple[str, str],
    ends: Domain,
    slopes: float,
    *,
    step: int,
    height: int,
) -> Layered:
    """The map with the way so far, the gradient where it stands, the next step, and in rings where the others are.

    `paths`: columns step, name, c1, c2, the steps by hand among them. The gradient is drawn `slopes` times as long as
    it is. The other arguments are those of `core.charts` and `hand_rows`.
    """
    names = list(dict.fromkeys(paths["name"]))
    styles = [OPTIMIZERS[n] for n in names]
    place: dict[str, Any] = {"x": alt.X("c2:Q"), "y": alt.Y("c1:Q"), "color": colour_of(names, styles)}
    seen, now = keep("datum.step <= step"), keep("datum.step === step")
    others, own = (keep(f"datum.name {sign} '{BY_HAND}'") for sign in ("!==", "==="))
    trail = {"strokeWidth": 2, "clip": True, "opacity": 0.8}
    circle = {"filled": False, "size": 190, "strokeWidth": 2.5, "opacity": 1, "clip": True}
    dots = {"filled": True, "size": 28, "opacity": 1, "clip": True}
    here = {"filled": True, "size": 110, "opacity": 1, "clip": True, "stroke": ON_SHADING, "strokeWidth": 1.5}
    layers = [
        *ground(regions, symbols, ends),
        layer("line", trail, transform=[seen], order=alt.Order("step:Q"), strokeDash=dash_of(names, styles), **place),
        ring(dict(guess)),
        layer("point", dots, transform=[seen, own], **place),
        layer("point", circle, transform=[now, others], **place),
        *_gradient(hand, ends, slopes),
        *_arrow(hand, ends, "datum.n1", "datum.n2", "−η·g", {"color": _STEP, "strokeWidth": 3.5}),
        layer("point", here, transform=[now, own], **place),
    ]
    params = [alt.VariableParameter(name="step", value=step)]
    return stack(layers, path_rows(paths, ends), height, params, saved=PATHS_SAVED)


def _gradient(hand: HandRows, ends: Domain, slopes: float) -> list[Layer]:
    """The gradient as an arrow in the colour of text, and its two components dashed."""
    tip1, tip2 = f"datum.c1 + {slopes} * datum.g1", f"datum.c2 + {slopes} * datum.g2"
    look = {"strokeDash": [3, 3], "strokeWidth": 1.5, "clip": True}
    now = [keep(f"datum.step === step && {_FINITE}"), *make(tip1=tip1, tip2=tip2)]
    x, y = alt.X("c2:Q"), alt.Y("c1:Q")
    return [
        layer("rule", look, data=hand, transform=now, x=x, x2=alt.X2("tip2:Q"), y=y),
        layer("rule", look, data=hand, transform=now, x=alt.X("tip2:Q"), y=y, y2=alt.Y2("tip1:Q")),
        *_arrow(hand, ends, tip1, tip2, "g", {"strokeWidth": 2.5}),
    ]


def _arrow(hand: HandRows, ends: Domain, tip1: str, tip2: str, name: str, look: dict[str, Any]) -> list[Layer]:
    """An arrow from where the step by hand stands to a tip, its name beside that; a short one has no head."""
    span, edge = ends[1] - ends[0], 0.97 * ends[1]
    there = make(far1=f"({tip1}) - datum.c1", far2=f"({tip2}) - datum.c2")
    # an arrow that would leave the map ends at its edge, and its name says that it goes on
    room1, room2 = (
        f"(datum.far{k} ? ({edge} * (datum.far{k} < 0 ? -1 : 1) - datum.c{k}) / datum.far{k} : 1)" for k in (1, 2)
    )
    share = make(share=f"max(0, min(1, {room1}, {room2}))")
    drawn = [keep(f"datum.step === step && {_FINITE}"), *there, *share]
    drawn += make(tip1="datum.c1 + datum.share * datum.far1", tip2="datum.c2 + datum.share * datum.far2")
    right, up = f"(datum.tip2 - datum.c2) * width / {span}", f"(datum.tip1 - datum.c1) * height / {span}"
    drawn += make(right=right, up=up, name=f"'{name}' + (datum.share < 1 ? ' …' : '')")
    length = "sqrt(datum.right * datum.right + datum.up * datum.up)"
    pointed = [*drawn, keep(f"{length} > {_SHORTEST}"), *make(angle="atan2(datum.right, datum.up) * 180 / PI")]
    x, y = alt.X("tip2:Q"), alt.Y("tip1:Q")
    colour = {key: value for key, value in look.items() if key == "color"}
    head = {"fontSize": 15, "clip": True} | colour
    words = {"dx": 13, "dy": -11} | colour
    turned = alt.Angle("angle:Q", scale=None)
    start = {"x": alt.X("c2:Q"), "y": alt.Y("c1:Q")}
    line = {"clip": True} | look
    return [
        layer("rule", line, data=hand, transform=drawn, x2=alt.X2("tip2:Q"), y2=alt.Y2("tip1:Q"), **start),
        layer("text", head, data=hand, transform=pointed, x=x, y=y, angle=turned, text=alt.value("▲")),
        label(words, data=hand, transform=pointed, x=x, y=y, text=alt.Text("name:N")),
    ]


def numbers_chart(
    hand: HandRows, symbols: tuple[str, str], flat: float, text: Text, *, step: int, height: int
) -> Layered:
    """The next step of both coefficients with its numbers in it, under it the one just taken; `hand` as `hand_rows`."""
    next_, taken = "datum.step === step", "datum.step === step - 1"
    length = "sqrt(datum.g1 * datum.g1 + datum.g2 * datum.g2)"
    steep = _filled(text("unknowns.step.length", length="{}"), f"format({length}, '.3~r')")
    steep += f" + ({length} < {flat} ? {_filled(text('unknowns.step.flat', length=sig(flat)))} : '')"
    bold = {"fontWeight": "bold"}
    lines = [(next_, _filled(text("unknowns.step.next")), 14, bold | {"color": _STEP})]
    lines += [(next_, _written(symbol, k), 14 + 22 * k, {}) for k, symbol in enumerate(symbols, 1)]
    lines.append((next_, steep, 80, {}))
    lines.append((taken, _filled(text("unknowns.step.taken", step="{}"), "step"), 112, bold | {"color": NEUTRAL}))
    lines += [(taken, _written(symbol, k), 112 + 22 * k, {"color": NEUTRAL}) for k, symbol in enumerate(symbols, 1)]
    saved = {"step": "step", "rate": "rate", "c1": "c1", "c2": "c2"}
    saved |= {"g1": "slope_c1", "g2": "slope_c2", "n1": "next_c1", "n2": "next_c2"}
    params = [alt.VariableParameter(name="step", value=step)]
    return stack([_line(*line) for line in lines], hand, height, params, saved=Saved(saved))


def _line(when: str, words: str, y: int, look: dict[str, Any]) -> Layer:
    """A line of text at a height in pixels, where there are numbers for it; `words` is an expression."""
    rows = [keep(f"{when} && {_FINITE}"), *make(words=words)]
    usual = {"fontSize": FONT + 1, "fontWeight": "normal", "align": "left"}
    return label(usual | look, transform=rows, x=pixels("0"), y=pixels(str(y)), text=alt.Text("words:N"))


def _filled(words: str, value: str = "''") -> str:
    """A Vega expression for a text, the value in place of {}."""
    before, _, after = words.replace("'", "\\'").partition("{}")
    return f"'{before}' + {value} + '{after}'"


def _written(symbol: str, k: int) -> str:
    """A Vega expression for the step of one coefficient with its numbers in it."""
    now, slope, led = f"datum.c{k}", f"datum.g{k}", f"datum.n{k}"
    factor = f"({slope} <= -0.00005 ? '(' + {_number(slope, 4)} + ')' : {_number(slope, 4)})"
    taken = f"' − ' + format(datum.rate, '.4~g') + ' × ' + {factor}"
    return f"'{symbol} ← ' + {_number(now, 4)} + {taken} + ' ≈ ' + {_number(led, 3)}"


def _number(value: str, digits: int) -> str:
    """A Vega expression for a number with so many decimals, and in powers of ten where it is large."""
    return f"(abs({value}) < 1000 ? format({value}, '.{digits}f') : format({value}, '.{digits}e'))"
