"""Whether one training ends lower than another: runs of one seed are a pair, a lead within noise is none."""

import math
from collections.abc import Sequence
from enum import Enum
from functools import cache
from statistics import fmean, stdev

from core.engine.history import DIVERGED, ROUNDING

#: From so many pairs on there is a verdict.
ENOUGH = 5
#: The level of the interval of the mean difference.
LEVEL = 0.95


class Verdict(Enum):
    """How the first of two sets of runs stands to the second, seed by seed."""

    LOWER = "lower"  # the interval of the mean difference lies below 0
    HIGHER = "higher"  # it lies above 0
    OPEN = "open"  # it holds 0: nothing is decided
    SAME = "same"  # a tie: no more apart than float32 rounds
    FEW = "few"  # too few pairs for a verdict


def compare(a: Sequence[float], b: Sequence[float]) -> Verdict:
    """Return how the ends a stand to the ends b of the same seeds, inf where a run diverged.

    The 95% interval (Student t, paired) is that of the mean difference of log losses, of losses where any is at
    most 0. Of a pair in which one run diverged, that one loses by a factor of a million, the least that counts as
    diverged, or by a million times the largest loss; if both did, they are even.
    """
    pairs = list(zip(a, b, strict=True))
    if all(_same(x, y) for x, y in pairs):
        return Verdict.SAME
    if len(pairs) < ENOUGH:
        return Verdict.FEW
    finite = [v for pair in pairs for v in pair if math.isfinite(v)]
    logs = all(v > 0 for v in finite)
    lost = math.log(DIVERGED) if logs else DIVERGED * max(map(abs, finite), default=1.0)
    differences = [_difference(x, y, logs, lost) for x, y in pairs]
    mean = fmean(differences)
    reach = t_quantile(len(pairs) - 1) * stdev(differences) / math.sqrt(len(pairs))
    if abs(mean) <= reach:
        return Verdict.OPEN
    if logs and abs(mean) <= ROUNDING:
        return Verdict.SAME
    return Verdict.LOWER if mean < 0 else Verdict.HIGHER


def _same(x: float, y: float) -> bool:
    return x == y or abs(x - y) <= ROUNDING * max(abs(x), abs(y)) < math.inf


def _difference(x: float, y: float, logs: bool, lost: float) -> float:
    if not math.isfinite(x) or not math.isfinite(y):
        return lost * (math.isinf(x) - math.isinf(y))
    return math.log(x / y) if logs else x - y


@cache
def t_quantile(freedom: int, level: float = LEVEL) -> float:
    """Return t such that Student's t with `freedom` degrees lies in [−t, t] with this probability."""
    low, high = 0.0, 1e4
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < level else (low, middle)
    return high


def _within(t: float, freedom: int) -> float:
    """Return P(|T| < t) for whole degrees of freedom, by its finite series (Abramowitz and Stegun 26.7.3 and 4)."""
    angle = math.atan(t / math.sqrt(freedom))
    odd = freedom % 2
    cosine = math.cos(angle)
    term = cosine if odd else 1.0
    total = 0.0
    for k in range(odd + 1, freedom, 2):
        total += term
        term *= cosine * cosine * k / (k + 1)
    total *= math.sin(angle)
    return 2 / math.pi * (angle + total) if odd else total
