"""What is said of what a chart can show."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import vl_convert

from core.analysis.best_rates import best_rates
from core.analysis.result_frames import sweep_frame
from core.engine.history import History
from core.engine.training import train
from core.spec.experiment import Experiment, Loss, Optimizer
from core.spec.view import View
from core.text import LANGUAGES, Text
from core.ui.sections import all_scenes
from pages.home.run import figure as home
from pages.learning_rate.ladder import whole_ladder
from pages.learning_rate.panels import figure as panels
from pages.learning_rate.range import figure as sweep
from pages.learning_rate.range.compute import Swept
from pages.optimizers.race import figure as race
from pages.transformer.sum import figure as transformer
from tests.drawn import drawn

#: Own losses all, some and none of whose values are 0 or below.
OWN = {"all": "r**2 - 100", "some": "r**2 - 0.1", "none": "r**2 + 1"}


def _race(history: History, view: View, text: Text) -> tuple[dict, Any]:
    shown = race.build_race(history, view, text)
    return shown.charts[0].spec, shown.failures


def _home(history: History, view: View, text: Text) -> tuple[dict, Any]:
    shown = home.build_four_steps(history, 0.02, view, text)
    return shown.charts[3].spec, shown.sentences


def _transformer(history: History, view: View, text: Text) -> tuple[dict, Any]:
    shown = transformer.build_network(history, view, text)
    return shown.charts[-1].spec, shown.sentences


def _panels(history: History, view: View, text: Text) -> tuple[dict, Any]:
    chosen = history.experiment.learning_rates
    return panels.build_panels(history, chosen, view, text)[0].spec, panels.notes(history, chosen, view, text)


def strong_lines(spec: dict) -> list[float]:
    """Return the places, in pixels below the plot's top, of all that the chart's last layer of lines goes through."""
    layer = max(i for i, one in enumerate(spec["layer"]) if one["mark"]["type"] == "line")
    svg = vl_convert.vegalite_to_svg(spec)
    groups = re.findall(rf'class="mark-line[^"]*layer_{layer}[^"]*"(.*?)</g>', svg, re.DOTALL)
    return [float(y) for group in groups for y in re.findall(r"[ML][-\d.e]+,([-\d.e]+)", group)]


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("figure", [_race, _home, _transformer, _panels])
def test_a_logarithmic_axis_has_no_place_for_losses_of_zero_or_below(figure: Callable, kind, seed):
    e = Experiment(optimizers=(Optimizer("Adam"),), loss=Loss("own", expression=OWN[kind]), first_seed=seed)
    history = train(e)
    for language in LANGUAGES:
        text = Text(language)
        spec, said = figure(history, View(scale="log"), text)
        below = [y > spec["height"] for y in strong_lines(spec)]
        assert (any(below), all(below)) == (kind != "none", kind == "all")
        notice = {key: any(text(f"chart.log.{key}") in sentence for sentence in said) for key in ("all", "some")}
        assert notice == {key: key == kind for key in notice}
        assert any(text("chart.log.linear") in sentence for sentence in said) == (kind != "none")
        spec, said = figure(history, View(scale="linear"), text)
        assert not any(y > spec["height"] for y in strong_lines(spec))
        assert not any(text(f"chart.log.{key}") in sentence for key in notice for sentence in said)


@pytest.mark.parametrize("kind", OWN)
def test_the_sweep_says_which_losses_its_axis_has_no_place_for(kind):
    e = Experiment(optimizers=(Optimizer("Adam"),), epochs=2, loss=Loss("own", expression=OWN[kind]))
    history, text = train(whole_ladder(e)), Text("en")
    shown = sweep.figure(Swept(history, best_rates(sweep_frame(history))), (e, View()), text)
    below = [y > sweep.HEIGHT for y in strong_lines(shown.charts[0].spec)]
    assert (any(below), all(below)) == (kind != "none", kind == "all")
    notice = {key: text(f"chart.log.{key}") in shown.notes for key in ("all", "some")}
    assert notice == {key: key == kind for key in notice}
    rings = vl_convert.vegalite_to_svg(shown.charts[0].spec)
    assert "NaN" not in rings


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_true_curve_is_dotted_where_a_title_says_so(language):
    words = {"en": "ruth dotted", "zh-Hant": "點線是真實曲線"}[language]
    told = 0
    for scene in all_scenes():
        shown = drawn(scene, *scene.defaults, text=Text(language)) if scene.notes is None else None
        named = False
        for chart in shown.charts if shown else ():
            named = words in chart.title or (named and not chart.title)  # a title is that of the row
            dotted = [one for one in chart.spec.get("layer", ()) if one["mark"].get("strokeDash") in ([2, 2], [2, 3])]
            curves = [one for one in dotted if one["mark"]["type"] == "line" and "data" in one]
            assert bool(curves) == named, (scene.key, chart.title)
            told += named
    assert told > 8
