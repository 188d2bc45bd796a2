"""What the prose and the things to try say about the numbers, checked on the numbers."""

import pandas as pd
import pytest

from core import frames
from core.charts.domains import nice
from core.spec import Experiment, Optimizer
from core.text import Text
from core.training import train
from core.ui.practice import best_of, experiments
from core.ui.rates import build_sweep, whole_ladder
from core.ui.warm import LEARNING_RATE


def results(experiment: Experiment) -> pd.DataFrame:
    return frames.result_frame(train(experiment)).set_index("name")


@pytest.fixture(scope="module")
def ladder() -> pd.DataFrame:
    return frames.result_frame(train(whole_ladder(LEARNING_RATE)))


def test_at_the_classic_rate_sgd_is_last_and_at_03_it_ends_lowest():
    classic, high = results(Experiment()), results(Experiment(learning_rates=(0.3,)))
    assert classic["loss"].idxmax() == "SGD"
    assert high["loss"].idxmin() == "SGD"
    assert high.loc[["RMSprop", "Adam"], "kind"].tolist() == ["collapsed", "collapsed"]


def test_a_ball_that_cannot_stop_swings():
    heavy = Optimizer("Momentum", momentum=0.99)
    history = train(Experiment(optimizers=(Optimizer("SGD"), heavy), learning_rates=(0.03,)))
    sgd, momentum = history.full_loss.T.tolist()

    def climbs(loss: list[float]) -> int:
        """How often it rises to more than one and a half times its lowest so far since the last climb."""
        count, low = 0, loss[0]
        for value in loss:
            if value > 1.5 * low:
                count, low = count + 1, value
            low = min(low, value)
        return count

    assert climbs(momentum) >= 5
    assert climbs(sgd) == 0


def test_at_their_best_rates_the_bands_of_sixteen_seeds_overlap():
    e = Experiment(seeds=16)
    best = frames.best_rates(frames.sweep_frame(train(frames.sweep_of(e))))
    last = frames.race_frame(train(frames.at_best_rates(e, best)), 0.9).iloc[-1]
    names = [o.name for o in e.optimizers]
    assert max(last[f"low_{n}"] for n in names) < min(last[f"high_{n}"] for n in names)


def test_nobody_wins_everywhere():
    best = best_of({data: frames.sweep_frame(train(e)) for data, e in experiments().items()})
    winners = best[best["lowest"]].groupby("data")["name"].first()
    assert len(winners) == 7
    assert len(set(winners)) > 1


def test_rates_that_are_far_too_small_only_cost_time(ladder):
    slow = ladder[ladder["rate"].isin([0.0001, 0.0003])]
    assert set(slow["kind"]) == {"not_reached"}


def test_the_best_rate_of_sgd_lies_beside_the_one_that_fails(ladder):
    sgd = ladder[ladder["name"] == "SGD"].set_index("rate")
    assert sgd["loss"].loc[[0.03, 0.1, 0.3]].is_monotonic_decreasing
    assert sgd["loss"].idxmin() == 0.3
    assert sgd.loc[1.0, "kind"] == "collapsed"


def test_methods_that_divide_want_smaller_rates(ladder):
    best = ladder.loc[ladder.groupby("name")["loss"].idxmin()].set_index("name")["rate"]
    assert max(best["RMSprop"], best["Adam"]) < min(best["SGD"], best["Momentum"])


def test_one_unit_reaches_the_target_at_no_rate_but_blows_up_at_the_same_ones(ladder):
    one = frames.result_frame(train(whole_ladder(Experiment(width=1, seeds=8))))
    assert (one["share"] == 0).all()
    diverged = ladder["kind"] == "diverged"
    assert (one.loc[diverged, "kind"] == "diverged").all()


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_the_sweep_says_where_each_works(language):
    shown = build_sweep(train(whole_ladder(LEARNING_RATE)), Text(language))
    assert len(shown.sentences) == 4


def test_the_linear_view_of_the_classic_experiment_is_the_tutorials():
    assert nice(2 * float(train(Experiment(epochs=1)).constant_loss[0])) == 0.2
