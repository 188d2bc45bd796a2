"""Frames and sentences against the histories they are made from."""

import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
import vl_convert
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.analysis import frames
from core.analysis.best_rates import at_best_rates, best_rates, choosing, reported, sweep_of
from core.analysis.quantiles import most_by, quantile
from core.analysis.result_frames import events_frame, result_frame, sweep_frame
from core.analysis.rounding import differences, parted, train_twin
from core.analysis.sentences import failure_sentences, race_sentences, result_table, sweep_sentences
from core.charts.domains import nice
from core.engine.history import History, Kind, Outcome
from core.engine.network import predict
from core.engine.start import draw
from core.engine.training import train
from core.player.loss_axes import loss_axes
from core.spec.experiment import LADDER, Experiment, Optimizer
from core.spec.view import View
from core.text import LANGUAGES, Text
from pages.optimizers.race.figure import build_race

CLASSIC = train(Experiment())
SEEDS = train(Experiment(seeds=5))
WILD = train(Experiment(learning_rates=(3.0,), seeds=3))
SWEEP = train(sweep_of(Experiment(seeds=3, epochs=4)))


def test_race_frame_holds_every_loss():
    frame = frames.race_frame(CLASSIC, 0.0)
    assert list(frame["step"]) == list(range(385))
    for column, run in enumerate(CLASSIC.runs):
        name = run.optimizer.name
        assert math.isnan(frame[f"raw_{name}"][0])
        torch.testing.assert_close(torch.tensor(frame[f"raw_{name}"][1:].to_numpy()), CLASSIC.loss[:, column].double())
        torch.testing.assert_close(
            torch.tensor(frame[f"full_{name}"].to_numpy()), CLASSIC.full_loss[:, column].double()
        )
        pd.testing.assert_series_equal(frame[f"smooth_{name}"], frame[f"raw_{name}"], check_names=False)


@pytest.mark.parametrize("epochs", [1, 40])
@pytest.mark.parametrize("every", [1, 7])
def test_the_loss_on_all_data_is_a_line_wherever_it_was_evaluated(epochs, every):
    whole = train(Experiment(epochs=epochs, optimizers=(Optimizer("SGD"),)))
    steps = whole.experiment.steps
    known = sorted({*whole.full_steps[::every], steps})
    rows = [whole.full_steps.index(step) for step in known]
    history = replace(whole, full_steps=tuple(known), full_loss=whole.full_loss[rows])
    frame = frames.race_frame(history, 0.9).set_index("step")["full_SGD"]
    assert frame.notna().all()
    for step, loss in zip(known, history.full_loss[:, 0].tolist(), strict=True):
        assert frame.get(step, loss) == loss
    spec = build_race(history, View(full=True), Text("en")).charts[0].spec
    dotted = re.findall(r'<path [^>]*d="([^"]*)"[^>]*stroke-dasharray="1,3"', vl_convert.vegalite_to_svg(spec))
    assert [(path.count("M"), path.count("L")) for path in dotted] == [(1, len(frame) - 1)]


def test_nothing_is_drawn_beside_a_loss_on_all_data_that_is_not_finite():
    known = pd.Series([3.0, 2.0, math.nan, math.nan], index=[0, 4, 8, 9])
    found = frames._between(known, range(10))
    assert found[:5].tolist() == [3.0, 2.75, 2.5, 2.25, 2.0]
    assert all(map(math.isnan, found[5:]))


def test_smoothing_is_the_corrected_moving_average():
    loss = pd.DataFrame({"a": [1.0, 0.0, 0.0, 4.0]})
    m, expected = 0.0, []
    for t, x in enumerate(loss["a"], 1):
        m = 0.8 * m + 0.2 * x
        expected.append(m / (1 - 0.8**t))
    assert frames.smoothed(loss, 0.8)["a"].tolist() == pytest.approx(expected)


def test_several_seeds_give_a_median_within_its_band():
    frame = frames.race_frame(SEEDS, 0.9).iloc[1:]
    for name in ("SGD", "Momentum", "RMSprop", "Adam"):
        assert (frame[f"low_{name}"] <= frame[f"smooth_{name}"]).all()
        assert (frame[f"smooth_{name}"] <= frame[f"high_{name}"]).all()


def test_a_seed_that_diverged_counts_as_infinite_from_there_on():
    frame = frames.race_frame(WILD, 0.9).set_index("step")
    for line in frames.lines(WILD)[:2]:  # SGD and Momentum
        lost = sorted(WILD.outcomes[c].diverged for c in line.columns)
        raw, full = frame[f"raw_{line.name}"], frame[f"full_{line.name}"]
        assert raw[lost[1]] < math.inf  # measured after one step less: most seeds are still there
        assert (raw.loc[lost[1] + 1 :] == math.inf).all()
        assert (full.loc[lost[1] :] == math.inf).all()
        assert (frame[f"high_{line.name}"].loc[lost[2] + 1 :] == math.inf).all()
        assert frame[f"smooth_{line.name}"].loc[1 : lost[1]].notna().all()


def test_quantiles_reach_infinity_where_failures_are():
    ends = np.array([3.0, math.inf, 1.0, 2.0])
    assert quantile(ends, 0.5) == 2.5
    assert quantile(np.array([1.0, 2.0, math.inf, math.inf]), 0.5) == math.inf
    assert quantile(np.array([1.0, 2.0, math.inf]), 0.5) == 2.0
    assert quantile(np.array([math.inf] * 3), 0.1) == math.inf
    assert most_by(np.array([7, math.inf, 5])) == 7
    assert most_by(np.array([7, math.inf])) == math.inf  # half is not most


@given(arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 9)), elements=st.floats(-9, 9)), st.floats(0, 1))
def test_quantiles_of_finite_numbers_are_numpys(values, q):
    np.testing.assert_allclose(quantile(values, q), np.quantile(values, q, axis=-1), atol=1e-9)


def test_long_runs_are_thinned_to_their_ends():
    rows = frames.kept_steps(12_345)
    assert (rows[0], rows[-1]) == (0, 12_345)
    assert len(rows) <= frames.MAX_ROWS + 2


def test_results_are_those_of_the_outcomes():
    result = result_frame(CLASSIC)
    assert list(result["name"]) == ["SGD", "Momentum", "RMSprop", "Adam"]
    for row, outcome, final in zip(result.to_dict("records"), CLASSIC.outcomes, CLASSIC.end.tolist(), strict=True):
        assert row["loss"] == pytest.approx(final)
        assert row["kind"] == outcome.kind.value
        assert row["there"] == (outcome.reached is not None)
        assert row["reached"] == (math.inf if outcome.reached is None else outcome.reached)


def with_outcomes(outcomes: list[Outcome]) -> History:
    """A history of SGD with these outcomes, its losses measured at steps 0, 1, 2 and every tenth."""
    e = Experiment(optimizers=(Optimizer("SGD"),), seeds=len(outcomes), epochs=1)
    return replace(train(e), outcomes=tuple(outcomes), full_steps=(0, 1, 2, 10, 20, 30, 32))


def ended(end: float, reached: int | None, kind: Kind) -> Outcome:
    return Outcome(kind, end, False, reached, 3 if kind is Kind.DIVERGED else None)


def test_failed_seeds_count_in_medians_and_shares():
    """One of three reaches early, two diverge: no median but infinity, where leaving them out said 0.01 and step 2."""
    lost = ended(math.inf, None, Kind.DIVERGED)
    row = result_frame(with_outcomes([ended(0.01, 2, Kind.BELOW), lost, lost])).iloc[0]
    assert (row["reached"], row["loss"], row["there"], row["kind"], row["alike"]) == (
        math.inf,
        math.inf,
        1,
        "diverged",
        2,
    )
    found = sweep_frame(with_outcomes([ended(0.01, 2, Kind.BELOW), lost, lost])).iloc[0]
    assert (found["median"], found["high"], found["diverged"]) == (math.inf, math.inf, pytest.approx(2 / 3))


def test_a_step_is_exact_where_all_before_it_were_measured():
    for step, exact in ((2, True), (10, False), (32, False)):
        assert result_frame(with_outcomes([ended(0.01, step, Kind.BELOW)] * 3)).iloc[0]["exact"] == exact
    text = Text("en")
    said = " ".join(race_sentences(h := with_outcomes([ended(0.01, 10, Kind.BELOW)] * 3), result_frame(h), text))
    assert "by step 10" in said
    assert "at step" not in said


def test_a_draw_between_kinds_goes_to_the_first_in_their_order():
    below, above = ended(0.01, 2, Kind.BELOW), ended(0.03, None, Kind.ABOVE)
    assert result_frame(with_outcomes([above, below])).iloc[0]["kind"] == "below"


def test_failures_are_named():
    events = events_frame(WILD)
    assert dict(zip(events["name"], events["kind"], strict=True)) == {
        "SGD": "diverged",
        "Momentum": "diverged",
        "RMSprop": "collapsed",
        "Adam": "collapsed",
    }


def test_best_rates_are_the_lowest_of_the_sweep():
    sweep = sweep_frame(SWEEP)
    best = best_rates(sweep)
    assert len(sweep) == 4 * len(LADDER)
    for row in best.to_dict("records"):
        assert row["loss"] == sweep.loc[sweep["name"] == row["name"], "median"].min()
    fair = at_best_rates(Experiment(), best)
    assert [o.lr for o in fair.optimizers] == list(best["rate"])
    assert reported(sweep, best)["loss"].tolist() == best["loss"].tolist()


@given(st.integers(1, 40), st.integers(0, 2000))
def test_best_rates_are_chosen_on_other_seeds(seeds, first):
    e = Experiment(seeds=seeds, first_seed=first, optimizers=(Optimizer("SGD"),))
    asked = choosing(e)
    assert asked.seeds == max(8, seeds)
    assert not {run.seed for run in asked.runs} & {run.seed for run in e.runs}
    assert asked.first_seed == 1000 or first + seeds > 1000


def test_a_rate_at_which_all_fail_is_nobodys_best():
    sweep = pd.DataFrame({"name": "SGD", "rate": [1.0, 3.0], "median": [math.inf, math.inf]})
    assert best_rates(sweep).empty


def test_a_rate_is_best_only_where_another_is_worse():
    """Under the loss 0·r² all rates end at 0; it was said that the least of them is the best."""
    flat = pd.DataFrame({"name": "SGD", "rate": [1.0, 3.0], "median": [0.0, 0.0]})
    assert best_rates(flat).empty
    assert best_rates(flat.assign(median=[1.0, 1.0 + 1e-8])).empty
    assert best_rates(flat.assign(median=[1.0, math.inf]))["rate"].tolist() == [1.0]
    assert best_rates(flat[:1])["rate"].tolist() == [1.0]


def test_those_that_collapsed_are_counted_alone():
    """Of four no better than a constant three collapsed: the word is theirs, so is the count."""
    useless = ended(0.5, None, Kind.CONSTANT)
    history = with_outcomes([*[replace(useless, collapsed=True)] * 3, useless])
    assert result_table(history, result_frame(history), Text("en"))["In the end"].tolist() == ["collapsed: 3 of 4"]


def test_where_half_the_seeds_are_there_no_word_says_that_most_are_not():
    below, above = ended(0.01, 2, Kind.BELOW), ended(0.0202, None, Kind.ABOVE)
    history = with_outcomes([below, above])
    said = race_sentences(history, result_frame(history), Text("en"))[0]
    assert said == (
        "On all data, counted when more than half of 2 seeds are there: nobody is seen below 0.02 within 384 steps."
    ).replace("384", str(history.experiment.steps))
    sweep = sweep_frame(history)
    (said,) = sweep_sentences(sweep, best_rates(sweep), 0.02, 2, Text("en"))
    assert said == (
        "SGD ends below 0.02, for most seeds, at no rate. "
        "Its best rate is 0.01; on these seeds its median ends there at 0.0151."
    )


def test_the_shares_of_a_sweep_are_those_of_its_seeds():
    found = sweep_frame(SWEEP)
    row = found.set_index(["name", "rate"]).loc[("SGD", 10.0)]
    assert row["diverged"] == 1
    assert row["median"] == math.inf
    assert found[[kind.value for kind in Kind]].sum(axis=1).tolist() == pytest.approx([1] * len(found))


def test_a_fit_is_what_the_network_predicts():
    fit = frames.fit_frame(CLASSIC, 3)
    x = torch.linspace(-1, 1, frames.CURVE).unsqueeze(1)
    expected = predict(CLASSIC.parameters[:, 3:4], x, 20, "relu")[:, 0]
    torch.testing.assert_close(torch.tensor(fit["y"].iloc[-1]), expected)
    assert (fit["begin"].iloc[1:].to_numpy() == fit["end"].iloc[:-1].to_numpy()).all()
    assert fit["end"].iloc[-1] == 385


def test_a_surface_has_x1_running_fastest():
    history = train(Experiment(data="saddle", epochs=1, optimizers=(Optimizer("Adam"),)))
    z = torch.tensor(frames.fit_frame(history, 0)["z"].iloc[-1]).view(frames.SIDE, frames.SIDE)
    corner = predict(history.parameters, torch.tensor([[1.0, -1.0]]), 20, "relu")[0, 0]
    torch.testing.assert_close(z[0, -1], corner)


def test_points_are_those_of_the_first_seed():
    points = frames.points_frame(Experiment(), most=10**6)
    assert points["y"].tolist() == draw(Experiment()).y[:, 0].tolist()
    assert len(frames.points_frame(Experiment())) <= 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_name_every_optimizer(language):
    text = Text(language)
    for history in (CLASSIC, SEEDS, WILD):
        result = result_frame(history)
        said = " ".join(race_sentences(history, result, text))
        assert "{" not in said
        failures = failure_sentences(history, events_frame(history), text)
        assert len(failures) == len(events_frame(history))
        assert len(result_table(history, result, text)) == 4
    said = " ".join(race_sentences(CLASSIC, result_frame(CLASSIC), text))
    for row in result_frame(CLASSIC).to_dict("records"):
        assert row["name"] in said
        assert row["reached"] == math.inf or str(int(row["reached"])) in said
    sweep = sweep_frame(SWEEP)
    sweeps = sweep_sentences(sweep, reported(sweep, best_rates(sweep)), 0.02, 3, text)
    assert len(sweeps) == 4


def test_the_app_says_where_a_curve_is_one_of_many():
    """RMSprop at 0.3 takes another course in another rounding; at the default rate nothing does."""
    wild = train(Experiment(learning_rates=(0.3,), seeds=2))
    (found,) = parted(wild, train_twin(wild.experiment))
    assert (found.name, found.seeds) == ("RMSprop", 2)
    assert found.share > 0.5
    assert parted(CLASSIC, train_twin(CLASSIC.experiment)) == ()


def test_roundings_differ_by_a_share_of_the_larger():
    lost, nan = math.inf, math.nan
    one = torch.tensor([[1.0, 1.0, -2.0, lost, 1.0, 0.0, -1.0], [1.0, 2.0, -1.0, lost, 1.0, 0.0, 1e-9]])
    other = torch.tensor([[1.0, 1.0, -2.0, nan, 1.0, 0.0, -1.0], [1.0, 1.0, -3.0, lost, lost, 0.0, -1e-9]])
    expected = torch.tensor([0, 0.5, 2 / 3, 0, 1, 0, 0])
    torch.testing.assert_close(differences(one, other), expected, atol=1e-4, rtol=0)


def test_the_linear_view_of_the_classic_experiment_is_the_tutorials():
    assert nice(2 * float(CLASSIC.constant_loss[0])) == 0.2


@pytest.mark.parametrize("first", [0, 8])
def test_a_line_that_hardly_moved_is_on_the_linear_axis(first):
    history = train(Experiment(learning_rates=(1e-4, 0.01, 1.0), first_seed=first, seeds=4))
    frame = frames.panel_frame(history, frames.lines(history), 0.9)
    columns = [c for c in frame if c != "step"]
    top = loss_axes(history, frame, columns, View(), Text("en"), 220).domain[1]
    ends, start = frame[columns].iloc[-1], float(history.full_loss[0].median())
    assert (ends < start).sum() > 4
    assert ends[ends < start].max() <= top <= 3 * start
    assert ends.max() > top  # one that has left
