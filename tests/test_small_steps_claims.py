"""Small steps: its spec and link, its frames, and what its prose and sentences claim."""

import math
from dataclasses import fields, replace
from urllib.parse import parse_qs

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.data import ONE_INPUT
from core.descent import COUNTS, descend, full_losses, walks
from core.gradient_noise import SIZES, gradient_noise
from core.held_out import held_out
from core.line_fit import fit_lines
from core.link_reading import decode
from core.methods import METHODS
from core.network import ACTIVATIONS
from core.rounds import first_steps, summary, targets
from core.small_steps import BATCHES, DRAWS, FEW_STEPS, FORM, SmallSteps
from core.small_steps_frames import (
    first_frame,
    reached_frame,
    sample_frame,
    samples,
    step_frame,
    until_lost,
    walker_frame,
)
from core.spec import Experiment
from core.text import LANGUAGES, Text
from core.training import train
from core.ui.small_steps import batches, few, lines, noise, rounds, walk

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
    optimizer=st.sampled_from(sorted(METHODS)),
    rate=RATE,
    seeds=st.integers(1, 200),
)


def read(query: str) -> dict[str, list[str]]:
    return parse_qs(query, keep_blank_values=True)


# The spec and its link


@given(SPECS)
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


# What the page says of its defaults


@pytest.fixture(scope="module")
def histories():
    return {size: train(SPEC.batched(size)) for size in BATCHES}


def test_subtracting_falls_and_adding_climbs_ever_faster():
    for rate in (SPEC.sign_rate, 0.001):  # the default, and the thing to try
        trail = descend(SPEC.network, [rate, -rate], walk.SIGN_STEPS)
        down, up = (full_losses(SPEC.network, trail[:, :, i].T).double() for i in range(2))
        assert (down.diff() < 0).all()
        lost = int((~(up < 100)).int().argmax()) or len(up)
        assert (up[:lost].diff() > 0).all()
        assert up[lost - 1] - up[lost - 2] > 3 * (up[1] - up[0])
        assert down[-2] - down[-1] < (down[0] - down[1]) / 3


def ends(rate: float) -> dict[int, float]:
    return dict(zip(COUNTS, walks(SPEC.network, rate).loss[-1].nan_to_num(math.inf).tolist(), strict=True))


def test_a_giant_step_overshoots_and_many_small_ones_arrive():
    start = float(walks(SPEC.network, SPEC.walk_rate).loss[0, 0])
    found = ends(SPEC.walk_rate)
    assert min(found[1], found[10]) > 1e5 * start
    assert max(found[100], found[384]) < 0.0125


def test_at_first_the_direction_is_right_for_all():
    loss = walks(SPEC.network, SPEC.walk_rate).loss
    assert (loss[1] < 0.3 * loss[0]).all()
    assert torch.allclose(loss[1], loss[1, 0])


def test_a_tenth_of_the_way_needs_ten_steps_only():
    found = ends(0.01)
    assert max(found[n] for n in (10, 100, 384)) < 1.2 * min(found[n] for n in (10, 100, 384))
    assert found[1] > 100


def test_on_three_times_the_way_only_the_smallest_steps_arrive():
    found = ends(0.3)
    assert min(found[n] for n in (1, 10, 100)) > 1e5
    assert found[384] < 0.0125


def test_batches_take_much_the_same_steps_but_not_samples(histories):
    reached = reached_frame({str(size): h for size, h in histories.items()})
    assert len(reached) == len(BATCHES)
    assert reached["step"].max() < 1.2 * reached["step"].min()
    assert (reached["samples"].diff().dropna() > 0).all()
    assert reached["samples"].iloc[-1] > 500 * reached["samples"].iloc[0]


def test_small_batches_hover(histories):
    late = {size: h.full_loss[-100:, 0] for size, h in histories.items()}
    climbs = {size: float(loss.diff().clamp(min=0).mean()) for size, loss in late.items()}
    assert climbs[1] > climbs[8] > climbs[32] > 100 * climbs[None]


def test_gradients_grow_noisier_towards_the_goal_and_quieter_with_the_batch(histories):
    found = gradient_noise(histories[32])
    start, end = found.stray[0].tolist(), found.stray[-20:].median(0).values.tolist()
    assert all(b > 3 * a for a, b in zip(start, end, strict=True))
    assert start == sorted(start, reverse=True)
    assert end == sorted(end, reverse=True)
    assert end[-1] > 1  # even of the largest batch it is mostly noise
    uphill = (found.angle > 90).double().mean(2)  # (steps, sizes)
    assert uphill[0].max() < 0.05
    assert uphill[-1].min() > 0.2
    assert len(SIZES) == len(start)


@pytest.fixture(scope="module")
def sets():
    found = {}
    for name, changes in {
        "usual": {},
        "more": {"few_points": 200},
        "narrow": {"few_width": 3},
        "clean": {"few_noise": 0.0},
    }.items():
        found[name] = held_out(train(replace(SPEC, **changes).few))
    return found


def test_few_points_are_memorised(sets):
    usual, run = sets["usual"], SPEC.draw - 1
    best = usual.best(run)
    assert 0 < best < len(usual.steps) // 4
    assert usual.held[-1, run] > 1.25 * usual.held[best, run]
    assert usual.trained[-1, run] < 0.5 * usual.trained[best, run]
    assert usual.held[-1].median() > 1.2 * 0.09 > 2 * usual.trained[-1].median()


def test_ten_times_the_points_keep_the_losses_together(sets):
    run = SPEC.draw - 1
    gap = {name: float(found.held[-1, run] / found.trained[-1, run]) for name, found in sets.items()}
    assert gap["more"] < 1.4 < 4 < gap["usual"]
    assert sets["more"].held[-1, run] == pytest.approx(0.09, rel=0.2)


def test_three_units_learn_less_by_heart(sets):
    run = SPEC.draw - 1
    assert sets["narrow"].trained[-1, run] > sets["usual"].trained[-1, run]
    assert sets["narrow"].held[-1, run] < sets["usual"].held[-1, run]


def test_without_noise_there_is_nothing_wrong_to_memorise(sets):
    run = SPEC.draw - 1
    clean = sets["clean"].both(run)
    together = clean[:, 1] / clean[:, 0]
    assert together.max() < 2
    assert together.min() > 0.5
    assert (clean[-1] < 0.001 * sets["usual"].both(run)[-1]).all()


def test_the_noisy_line_is_close_on_its_own_points_only():
    fits = fit_lines(SPEC.line_noise)
    assert fits.loss[-1, 2] < SPEC.line_noise**2 < fits.held_loss[-1]
    assert fits.loss[-1, 0] < 1e-13


def test_closer_targets_cost_more_and_fewer_get_there():
    found = summary(first_steps(train(SPEC.many), targets(SPEC.many)))
    assert found["share"].is_monotonic_decreasing
    assert found["share"].iloc[0] == 1
    assert 0 < found["share"].iloc[-1] < 0.1
    assert found["median"].is_monotonic_increasing
    assert (found["median"] < math.inf).tolist() == (found["share"] > 0.5).tolist()
    first = first_steps(train(SPEC.many), targets(SPEC.many))
    there = first[first["step"] < math.inf].groupby("target", sort=False)["step"]
    spread = there.quantile(0.9) - there.quantile(0.1)
    assert spread.iloc[4] > 2 * spread.iloc[0]


# The sentences


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_tell_the_numbers_of_the_defaults(language, histories, sets):
    text = Text(language)
    told = walk.build_signs(SPEC.network, SPEC.sign_rate, "add", text).sentences
    assert "0.394" in told[0]
    assert "14" in told[1]
    told = walk.build_giant(SPEC.network, walks(SPEC.network, SPEC.walk_rate), text).sentences
    assert "38.4" in told[0]
    assert all(rate in told[1] for rate in ("38.4", "3.84", "0.384", "0.1"))
    (told,) = batches.build_batches(histories, text).sentences
    assert all(count in told for count in ("126", "928", "3,480", "109,000", "0.02"))
    start, end = noise.build_noise(384, gradient_noise(histories[32]), text).sentences
    assert start.count("°") == end.count("°") == 3
    exact, bent, noisy = lines.build_lines(fit_lines(0.1), 0.1, text).sentences
    assert "⁻¹⁵" in exact
    assert bent.count("0.108") == 2
    assert "0.01" in noisy
    one, every = few.build_few(train(SPEC.few), sets["usual"], 1, text).sentences
    assert "41" in one
    assert "0.09" in every
    (told,) = rounds.build_rounds(train(SPEC.many), text).sentences
    assert "100%" in told
    assert "1%" in told
