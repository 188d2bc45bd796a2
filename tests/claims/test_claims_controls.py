"""What the controls that many pages share say of themselves."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest
import torch

from core.analysis.frames import race_frame
from core.engine.start import draw, draw_order
from core.engine.training import train
from core.expression.parser import parse
from core.link import forms
from core.link.decoding import decode
from core.spec.experiment import Experiment, Optimizer
from core.spec.view import View
from core.text import Text
from core.ui import situation
from core.ui.sections import all_scenes
from core.ui.situation import Situation
from pages.optimizers.race import SCENE as RACE

TEXT = Text("en")


def test_the_help_of_an_own_loss_is_one():
    """The example is what it is said to be, and every name in the list can be used."""
    r = torch.linspace(-3, 3, 61, dtype=torch.float64)
    example = parse("where(abs(r) < 1, r**2, 1)")
    torch.testing.assert_close(example.value(r), torch.where(r.abs() < 1, r * r, torch.ones_like(r)))
    said = TEXT("control.own_help")
    assert "where(abs(r) < 1, r**2, 1)" in said
    for name in ["abs", "sqrt", "exp", "log", "tanh", "cosh", "sign"]:
        assert name in said
        assert parse(f"{name}(r)").value(r).shape == r.shape
    for form in ("maximum(r, 1)", "minimum(r, 1)", "where(r > 0, r, 1)", "r + 1 - 2*r/3", "r**2 >= 1"):
        assert parse(form).value(r).shape == r.shape


def test_seeds_have_their_own_noise_start_and_order():
    e = Experiment(seeds=5)
    start = draw(e)
    order = draw_order(start)  # (points, seeds)
    for other in range(1, 5):
        assert (start.y[:, 0] != start.y[:, other]).any()
        assert (start.parameters[:, 0] != start.parameters[:, other]).any()
        assert (order[:, 0] != order[:, other]).any()
    h = train(replace(e, optimizers=(Optimizer("Adam"),), epochs=2))
    frame, raw = race_frame(h, 0.0), h.loss.double().numpy()
    np.testing.assert_allclose(frame["smooth_Adam"].iloc[1:], np.median(raw, axis=1))
    for name, q in (("low", 0.1), ("high", 0.9)):
        np.testing.assert_allclose(frame[f"{name}_Adam"].iloc[1:], np.quantile(raw, q, axis=1))


@pytest.mark.parametrize("weight", [0.0, 0.5, 0.9])
def test_smoothing_is_a_moving_average(weight):
    """Each step keeps `weight` of the past; 0 leaves the losses as they are."""
    for seed in range(5):
        h = train(Experiment(optimizers=(Optimizer("SGD"),), epochs=2, first_seed=seed))
        past, expected = 0.0, []
        for t, loss in enumerate(h.loss[:, 0].tolist(), 1):
            past = weight * past + (1 - weight) * loss
            expected.append(past / (1 - weight**t))
        found = race_frame(h, weight)["smooth_SGD"].iloc[1:]
        pd.testing.assert_series_equal(found, pd.Series(expected, index=found.index), check_names=False)


def test_a_link_holds_every_value():
    """Opened where other values are usual, it gives the same specs; of 33 rates it takes none."""
    specs = (Experiment(width=7, noise=0.3, seeds=4, target=0.05), View(scale="log", step=9))
    query = parse_qs(forms.EXPERIMENT.encode(specs, "en"), keep_blank_values=True)
    other = (Experiment(data="sine", epochs=3, activation="tanh"), View(smooth=0.5))
    assert decode(query, forms.EXPERIMENT, other).specs == specs
    assert query.keys() >= {"data", "n", "noise", "width", "act", "loss", "batch", "epochs", "seeds", "target", "lr"}
    assert f"at most {forms.MAX_VALUES} learning rates" in TEXT("share.refused")
    for scene in all_scenes():
        usual = scene.form.flatten(scene.defaults)
        for changes in scene.tries.values():
            held = parse_qs(urlsplit(scene.link(scene.form.build(usual | dict(changes)))).query, keep_blank_values=True)
            differing = {name for name, value in changes.items() if value != usual[name]}
            assert held.keys() - {"scene"} == differing | {"v"}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"opt": ()}, "opt"),
        ({"batch": 64, "n": 50}, "batch"),
        ({"loss": "own", "own.expr": "r +"}, "expression"),
    ],
)
def test_a_refused_choice_leaves_the_picture(monkeypatch, changes, why):
    state = {}
    monkeypatch.setattr(situation.st, "session_state", state)
    monkeypatch.setattr(Situation, "_write_address", lambda self, specs: None)
    here = Situation(RACE, RACE.form.flatten(RACE.defaults))
    here.fill(anew=True)
    before = here.read()
    assert before == RACE.defaults
    assert not here.refused
    for name, value in changes.items():
        state[name] = list(value) if isinstance(value, tuple) else value
    assert here.read() == before
    assert here.refused == f"control.refused.{why}"
    assert "the picture stays as it was" in TEXT(f"control.refused.{why}")
