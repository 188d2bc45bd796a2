"""Small steps: its spec and link, and its frames."""

import math
from dataclasses import fields, replace
from urllib.parse import parse_qs

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import ONE_INPUT
from core.catalogue.optimizers import named
from core.engine.training import train
from core.link.decoding import decode
from core.spec.experiment import Experiment, OverBudget, afford
from pages.small_steps.frames import (
    first_frame,
    reached_frame,
    sample_frame,
    samples,
    step_frame,
    until_lost,
    walker_frame,
)
from pages.small_steps.spec import BATCHES, DRAWS, FEW_STEPS, FORM, SmallSteps

SPEC = SmallSteps()
RATE = st.floats(0, 100, exclude_min=True)
SIGMA = st.floats(0, 2)
SPECS = st.builds(
    SmallSteps,
    data=st.sampled_from(ONE_INPUT),
    noise=SIGMA,
    width=st.integers(1, 128),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    sign=st.sampled_from(["subtract", "add"]),
    sign_rate=RATE,
    walk_rate=RATE,
    rates=st.sampled_from(["same", "best"]),
    batch_rate=RATE,
    line_noise=SIGMA,
    few_points=st.integers(8, 500),
    few_noise=SIGMA,
    few_width=st.integers(1, 128),
    draw=st.integers(1, DRAWS),
    optimizer=st.sampled_from(sorted(named())),
    rate=RATE,
    seeds=st.integers(1, 200),
)


def read(query: str) -> dict[str, list[str]]:
    return parse_qs(query, keep_blank_values=True)


def affordable(spec: SmallSteps) -> bool:
    """Return whether the page may train what it wants: wide networks at their best rates are too much."""
    try:
        afford(spec.trained)
    except OverBudget:
        return False
    return True


# The spec and its link


@given(SPECS.filter(affordable))
def test_every_spec_comes_back_from_its_link_and_stands_for_experiments(spec):
    for query in (read(FORM.encode((spec,), "en")), FORM.short((spec,), (SPEC,))):
        decoded = decode(query, FORM, (SPEC,))
        assert (decoded.specs, decoded.problems) == ((spec,), ())
    made = [spec.network, spec.few, spec.many, *map(spec.batched, BATCHES)]
    assert all(isinstance(e, Experiment) for e in made)
    assert abs(spec.few.steps - FEW_STEPS) <= 50
    assert len(spec.few.batch_sizes) >= 2


def test_every_field_has_a_name():
    assert {name.attribute for name in FORM.names.values()} == {f.name for f in fields(SmallSteps)}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("data", "saddle"),
        ("sign", "flip"),
        ("rates", "own"),
        ("optimizer", "LBFGS"),
        ("activation", "step"),
        ("width", 129),
        ("few_points", 7),
        ("draw", 9),
        ("draw", 0),
        ("seeds", 201),
        ("noise", -0.1),
        ("few_noise", 2.1),
        ("walk_rate", 0),
        ("sign_rate", math.inf),
        ("rate", True),
    ],
)
def test_what_is_out_of_range_is_named(field, value):
    with pytest.raises(ValueError, match=f"^{field}="):
        SmallSteps(**{field: value})


@given(
    st.dictionaries(st.sampled_from([*FORM.names, "x", "v"]), st.lists(st.text(max_size=50), max_size=3), max_size=6)
)
def test_any_link_gives_a_spec(query):
    (spec,) = decode(query, FORM, (SPEC,)).specs
    assert isinstance(spec, SmallSteps)


# Frames


def test_between_two_evaluations_lies_a_straight_line():
    frame = step_frame(torch.tensor([[1.0, 4.0], [2.0, 2.0], [6.0, 0.0]]), (0, 2, 4))
    assert frame["step"].tolist() == [0, 1, 2, 3, 4]
    assert frame["c0"].tolist() == [1, 1.5, 2, 4, 6]
    assert frame["c1"].tolist() == [4, 3, 2, 1, 0]


def test_a_loss_that_is_lost_stays_lost():
    losses = torch.tensor([[1.0, 1.0, 1.0], [2.0, 2e6, math.nan], [3.0, 0.5, 0.5]])
    kept = until_lost(losses)
    assert kept[:, 0].tolist() == [1, 2, 3]
    assert kept[:, 1:].isnan().tolist() == [[False, False], [True, True], [True, True]]


@pytest.fixture(scope="module")
def trained():
    spec = replace(SPEC, width=3)
    return {size: train(spec.batched(size)) for size in (8, 32, None)}


@pytest.mark.parametrize("size", [8, 32, None])
def test_samples_seen_are_the_sum_of_the_batches(trained, size):
    history = trained[size]
    sizes = history.experiment.batch_sizes * history.experiment.epochs
    assert samples(history, np.arange(len(sizes) + 1)).tolist() == [0, *np.cumsum(sizes).tolist()]


def test_the_frames_of_the_batches_hold_the_losses_on_all_points(trained):
    by_name = {str(size): history for size, history in trained.items()}
    frame = sample_frame(by_name)
    assert len(frame) < 800
    for row in frame.to_dict("records"):
        history = by_name[row["name"]]
        assert row["loss"] == pytest.approx(float(history.full_loss[history.full_steps.index(row["step"]), 0]))
        assert row["samples"] == samples(history, np.asarray([row["step"]]))[0]
    first = first_frame(by_name, 50)
    assert first["step"].tolist() == list(range(51))
    assert first["c1"].tolist() == pytest.approx(trained[32].full_loss[:51, 0].tolist())
    walkers = walker_frame(by_name, first)
    assert walkers[walkers["name"] == "None"]["samples"].tolist() == [1000 * k for k in range(51)]
    for row in reached_frame(by_name).to_dict("records"):
        history = by_name[row["name"]]
        below = history.full_loss[:, 0] < history.experiment.target
        assert row["step"] == history.full_steps[int(below.int().argmax())]
