"""Frames and sentences against the histories they are made from."""

import math
import re
from dataclasses import replace

import pandas as pd
import pytest
import torch
import vl_convert

from core import frames
from core.network import predict
from core.rounding import parted, suspect, train_twin, twin_of
from core.sentences import failure_sentences, race_sentences, result_table, sweep_sentences
from core.spec import LADDER, Experiment, Optimizer, View
from core.start import draw
from core.text import LANGUAGES, Text
from core.training import train
from core.ui.race import build_race

CLASSIC = train(Experiment())
SEEDS = train(Experiment(seeds=5))
WILD = train(Experiment(learning_rates=(3.0,), seeds=3))
SWEEP = train(frames.sweep_of(Experiment(seeds=3, epochs=4)))


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


def test_nothing_follows_a_loss_that_is_not_finite():
    frame = frames.race_frame(WILD, 0.9)
    for name in ("SGD", "Momentum"):
        values = frame[f"smooth_{name}"].iloc[1:]
        assert values.isna().iloc[-1]
        assert values.notna().sum() == values.notna().cummin().sum()


def test_long_runs_are_thinned_to_their_ends():
    rows = frames.kept_steps(12_345)
    assert (rows[0], rows[-1]) == (0, 12_345)
    assert len(rows) <= frames.MAX_ROWS + 2


def test_results_are_those_of_the_outcomes():
    result = frames.result_frame(CLASSIC)
    assert list(result["name"]) == ["SGD", "Momentum", "RMSprop", "Adam"]
    for row, outcome, final in zip(result.to_dict("records"), CLASSIC.outcomes, CLASSIC.end.tolist(), strict=True):
        assert row["loss"] == pytest.approx(final)
        assert row["kind"] == outcome.kind.value
        assert row["share"] == (outcome.reached is not None)
        assert math.isnan(row["reached"]) if outcome.reached is None else row["reached"] == outcome.reached


def test_failures_are_named():
    events = frames.events_frame(WILD)
    assert dict(zip(events["name"], events["kind"], strict=True)) == {
        "SGD": "diverged",
        "Momentum": "diverged",
        "RMSprop": "collapsed",
        "Adam": "collapsed",
    }


def test_best_rates_are_the_lowest_of_the_sweep():
    sweep = frames.sweep_frame(SWEEP)
    best = frames.best_rates(sweep)
    assert len(sweep) == 4 * len(LADDER)
    for row in best.to_dict("records"):
        assert row["loss"] == sweep.loc[sweep["name"] == row["name"], "median"].min()
    fair = frames.at_best_rates(Experiment(), best)
    assert [o.lr for o in fair.optimizers] == list(best["rate"])


def test_the_shares_of_a_sweep_are_those_of_its_seeds():
    row = frames.sweep_frame(SWEEP).set_index(["name", "rate"]).loc[("SGD", 10.0)]
    assert row["diverged"] == 1
    assert math.isnan(row["median"])


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
        result = frames.result_frame(history)
        said = " ".join(race_sentences(history, result, text))
        assert "{" not in said
        failures = failure_sentences(history, frames.events_frame(history), text)
        assert len(failures) == len(frames.events_frame(history))
        assert len(result_table(result, text)) == 4
    said = " ".join(race_sentences(CLASSIC, frames.result_frame(CLASSIC), text))
    for row in frames.result_frame(CLASSIC).to_dict("records"):
        assert row["name"] in said
        assert math.isnan(row["reached"]) or str(int(row["reached"])) in said
    sweeps = sweep_sentences(frames.result_frame(SWEEP), frames.best_rates(frames.sweep_frame(SWEEP)), 0.02, text)
    assert len(sweeps) == 4


def test_the_app_says_where_a_curve_is_one_of_many():
    """RMSprop at 0.3 takes another course in another rounding; at the default rate nothing does."""
    wild = train(Experiment(learning_rates=(0.3,), seeds=2))
    assert suspect(wild)
    assert parted(wild, train_twin(twin_of(wild.experiment))) == ("RMSprop",)
    assert not suspect(CLASSIC)
    assert parted(CLASSIC, train_twin(twin_of(CLASSIC.experiment))) == ()
