"""What the page Learning rate says, run over seeds that are shown and others."""

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from core.analysis.best_rates import best_rates, choosing, sweep_of
from core.analysis.result_frames import result_frame, sweep_frame
from core.charts.style import rate_styles
from core.engine.history import History, Kind
from core.engine.training import train
from core.spec.experiment import Optimizer
from pages.learning_rate.ladder import BASE as LEARNING_RATE
from pages.learning_rate.ladder import whole_ladder

FOUR = ("SGD", "Momentum", "RMSprop", "Adam")
#: The seeds that are shown, and others.
FIRST = (0, 8)


@cache
def ladder(first: int, width: int = 20) -> History:
    return train(whole_ladder(replace(LEARNING_RATE, first_seed=first, width=width)))


def results(history: History) -> pd.DataFrame:
    return result_frame(history).set_index(["name", "rate"])


@pytest.mark.parametrize("first", FIRST)
def test_every_method_has_rates_too_small_and_too_large(first):
    found = results(ladder(first))
    for name in FOUR:
        rates = found.loc[name]
        works = rates.index[rates["kind"] == "below"]
        assert len(works)
        small, large = rates[rates.index < works.min()], rates[rates.index > works.max()]
        assert len(small)
        assert not small["kind"].eq("diverged").any()
        assert large["kind"].isin(["diverged", "constant"]).any()
        shown = set(LEARNING_RATE.learning_rates)
        assert shown & set(small.index)
        assert shown & set(large.index)


@pytest.mark.parametrize("first", FIRST)
def test_larger_rates_fall_faster_until_they_fail(first):
    """Up to each method's best rate, larger ones are lower after an eighth of the steps; far beyond it ends high."""
    h = ladder(first)
    found = results(h)
    row = max(i for i, step in enumerate(h.full_steps) if step <= h.experiment.steps // 8)
    runs, seeds = h.runs, h.experiment.seeds
    early = pd.Series(
        {
            (runs[c].optimizer.name, runs[c].learning_rate): float(h.full_loss[row, c : c + seeds].quantile(0.5))
            for c in range(0, len(runs), seeds)
        }
    )
    for name in FOUR:
        ends = found.loc[name]["loss"]
        best = ends.idxmin()
        assert early[name][[r for r in early[name].index if r <= min(best, 0.03)]].is_monotonic_decreasing
        # they fall already at the smallest, slowly
        first_loss = float(h.full_loss[0, : h.experiment.seeds].quantile(0.5))
        assert first_loss > early[name].iloc[0] > 0.5 * first_loss
        beyond = found.loc[name]["loss"][[0.1, 0.3, 1.0, 10.0]]
        assert beyond.iloc[0] < beyond.iloc[2] < beyond.iloc[3]
        assert beyond.iloc[2] > 5 * ends.min()
    hues = [int(style.colour[5:], 16) - int(style.colour[1:3], 16) for style in rate_styles(6)]
    assert hues[0] > 0 > hues[-1]  # more blue than red, then more red than blue


@pytest.mark.parametrize("first", FIRST)
def test_valleys_lie_at_different_rates(first):
    e = replace(LEARNING_RATE, first_seed=first, optimizers=tuple(map(Optimizer, (*FOUR, "Adagrad"))))
    best = best_rates(sweep_frame(train(choosing(sweep_of(e))))).set_index("name")["rate"]
    assert max(best["RMSprop"], best["Adam"]) < min(best["Adagrad"], best["SGD"])
    found = results(train(sweep_of(e)))
    assert found.loc[("Adam", best["SGD"]), "kind"] != "below"
    assert found.loc[("SGD", best["Adam"]), "kind"] != "below"
    lowest = found["loss"].groupby("name").idxmin()
    assert lowest["Adam"][1] < lowest["Adagrad"][1]


@pytest.mark.parametrize("first", FIRST)
def test_rates_that_are_far_too_small_only_cost_time(first):
    h = ladder(first)
    late = h.full_loss[[h.full_steps.index(s) for s in h.full_steps if s >= 0.7 * h.experiment.steps]]
    for column, (run, outcome) in enumerate(zip(h.runs, h.outcomes, strict=True)):
        if run.learning_rate in (0.0001, 0.0003):
            assert outcome.kind is not Kind.DIVERGED
            assert not outcome.collapsed
            assert outcome.end > h.experiment.target
            assert late[-1, column] < late[0, column]  # still on its way down


@pytest.mark.parametrize("first", FIRST)
def test_the_best_rate_of_sgd_lies_beside_the_one_that_fails(first):
    found = results(ladder(first))
    sgd, momentum = found.loc["SGD"], found.loc["Momentum"]
    assert sgd["loss"].loc[[0.03, 0.1, 0.3]].is_monotonic_decreasing
    assert sgd.loc[1.0, "kind"] == "constant"
    edge = [0.03, 0.1, 0.3, 1.0]
    assert sgd["loss"].loc[edge].idxmin() == 0.3
    assert momentum["loss"].loc[edge].idxmin() < 0.3
    assert momentum.loc[1.0, "kind"] in ("constant", "diverged")


@pytest.mark.parametrize("first", FIRST)
def test_one_unit_reaches_the_target_at_no_rate_but_diverges_at_the_same_ones(first):
    wide, one = results(ladder(first)), results(ladder(first, 1))
    assert (one["there"] == 0).all()
    for name in ("SGD", "Momentum"):
        diverged = wide.loc[name]["kind"] == "diverged"
        assert diverged.any()
        assert (one.loc[name]["kind"] == "diverged").tolist() == diverged.tolist()
