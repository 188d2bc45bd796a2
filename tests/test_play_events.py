"""What a play holds at: where something diverges, a target is reached, or the best moment to stop has come."""

import math

import pytest

from core.text import Text
from core.ui.queued import Kept
from core.ui.sections import all_scenes

SCENES = {f"{scene.page}.{scene.key}": scene for scene in all_scenes()}
TEXT = Text("en")


def shown(name: str, tried: str | None):
    """Return the result and the figure of a scene, at its defaults or at a thing to try."""
    scene = SCENES[name]
    specs = scene.defaults
    if tried is not None:
        specs = scene.form.build(scene.form.flatten(specs) | dict(scene.tries[tried]))
    result = scene.compute(specs, Kept())
    return result, scene.figure(result, specs, TEXT)


@pytest.mark.parametrize(
    ("name", "tried", "words"),
    [
        ("home.run", None, "at step {}"),
        ("transformer.sum", None, "first below 0.02 at step {}"),
        ("small_steps.sign", None, "by step {}"),
        ("small_steps.batches", "best", "takes {} steps"),
        ("small_steps.memorise", None, "lowest at step {}"),
        ("optimizers.race", None, "below 0.02 at step {}"),
        ("optimizers.race", "rate", "below 0.02 at step {}"),
    ],
)
def test_a_play_holds_at_a_step_that_the_result_names(name, tried, words):
    _, figure = shown(name, tried)
    assert figure.event is not None
    assert 0 < figure.event <= figure.steps
    assert words.format(figure.event) in " ".join(figure.sentences)


@pytest.mark.parametrize(("name", "tried"), [("small_steps.giant", None), ("small_steps.giant", "longer")])
def test_a_play_holds_where_a_line_ends_early(name, tried):
    _, figure = shown(name, tried)
    gone = [step for series in figure.series for step, loss in enumerate(series.values) if math.isnan(loss)]
    assert figure.event == min(gone)


def test_a_play_holds_where_a_walk_diverges():
    scene = SCENES["unknowns.clusters"]
    specs = scene.form.build(scene.form.flatten(scene.defaults) | {"kmeans.lr": 3.0})
    result = scene.compute(specs, Kept())
    event = scene.figure(result, specs, TEXT).event
    assert event is not None
    assert event == result.walked.diverged("SGD")
