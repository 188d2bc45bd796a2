"""Paired comparisons against a table of Student's t and against hand computation."""

import math
from dataclasses import replace
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.comparison import Verdict, compare, t_quantile
from core.analysis.frames import lines
from core.engine.training import train
from core.spec.experiment import Experiment, Loss, Optimizer

#: 0.975 quantiles as printed in tables.
TABLE = {
    1: 12.706,
    2: 4.303,
    3: 3.182,
    4: 2.776,
    5: 2.571,
    6: 2.447,
    7: 2.365,
    15: 2.131,
    16: 2.120,
    31: 2.040,
    99: 1.984,
}
POSITIVE = st.floats(0.001, 10)


@pytest.mark.parametrize("freedom", TABLE)
def test_the_quantiles_are_those_of_the_tables(freedom):
    assert t_quantile(freedom) == pytest.approx(TABLE[freedom], abs=6e-4)


@given(st.lists(st.tuples(POSITIVE, POSITIVE), min_size=5, max_size=16))
def test_a_lead_is_an_interval_of_log_differences_beside_zero(pairs):
    a, b = zip(*pairs, strict=True)
    d = [math.log(x) - math.log(y) for x, y in pairs]
    reach = t_quantile(len(d) - 1) * stdev(d) / math.sqrt(len(d))
    low, high = fmean(d) - reach, fmean(d) + reach
    found = compare(a, b)
    if high < -1e-5:
        assert found is Verdict.LOWER
    elif low > 1e-5:
        assert found is Verdict.HIGHER
    elif low < -1e-9 and high > 1e-9:
        assert found in (Verdict.OPEN, Verdict.SAME)
    opposite = {Verdict.LOWER: Verdict.HIGHER, Verdict.HIGHER: Verdict.LOWER}
    assert compare(b, a) is opposite.get(found, found)


def test_by_hand():
    """Differences of logs −1, −2, −3, −2, −2: mean −2, sd √0.5, reach 2.776·√0.5/√5 = 0.878."""
    a = [math.exp(-k) for k in (1, 2, 3, 2, 2)]
    assert compare(a, [1.0] * 5) is Verdict.LOWER
    # −1, −2, −3, −2, +3: mean −1, sd 2.345, reach 2.912
    assert compare([math.exp(k) for k in (-1, -2, -3, -2, 3)], [1.0] * 5) is Verdict.OPEN


def test_pairs_decide_where_unpaired_spreads_overlap():
    """Each seed has a level of its own, a hundred times the difference: the bands overlap, the pairs do not."""
    levels = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0]
    assert compare([0.99 * v for v in levels], [v * (1 + 0.001 * i) for i, v in enumerate(levels)]) is Verdict.LOWER


def test_few_pairs_give_no_verdict():
    assert compare([0.1] * 4, [1.0] * 4) is Verdict.FEW
    assert compare([0.1] * 5, [1.0] * 5) is Verdict.LOWER


def test_losses_that_are_not_positive_are_compared_as_they_are():
    assert compare([-1.0, -2.0, -1.5, -1.2, -3.0], [1.0, 0.5, 0.2, 0.9, 1.1]) is Verdict.LOWER
    assert compare([0.0, 1.0, -1.0, 2.0, -2.0], [0.1, 0.0, 0.0, 0.1, 0.1]) is Verdict.OPEN


def test_who_diverges_loses_that_pair():
    inf = math.inf
    assert compare([0.1] * 8, [inf] * 8) is Verdict.LOWER
    assert compare([inf] * 6, [inf] * 6) is Verdict.SAME
    assert compare([0.1] * 8, [0.1] * 7 + [inf]) is Verdict.OPEN  # one failure in eight may be luck
    assert compare([0.1] * 8, [0.1] * 3 + [inf] * 5) is Verdict.LOWER
    # slightly lower where it arrives, but half the time it does not
    assert compare([0.09] * 4 + [inf] * 4, [0.1] * 8) is not Verdict.LOWER


def ends_of(experiment: Experiment) -> list[list[float]]:
    history = train(experiment)
    return [[history.outcomes[c].end for c in line.columns] for line in lines(history)]


@pytest.mark.parametrize("seeds", [1, 5])
@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(optimizers=(Optimizer("Adam"), Optimizer("AdamW", weight_decay=0.0)), epochs=3),
        Experiment(optimizers=(Optimizer("SGD"), Optimizer("Momentum", momentum=0.0)), epochs=3),
        Experiment(optimizers=(Optimizer("SGD"), Optimizer("Adam")), loss=Loss("own", expression="0*r*r"), epochs=1),
    ],
    ids=["Adam", "SGD", "no loss"],
)
def test_what_only_rounding_parts_is_the_same(experiment, seeds):
    a, b = ends_of(replace(experiment, seeds=seeds))
    assert compare(a, b) is Verdict.SAME
