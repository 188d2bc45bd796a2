"""The ends of an axis, from the values that it has to hold."""

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from core.charts.axes import Domain

_REACH = 300  # decades from 1: the next ones have no number
_MULTIPLES = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)


def around(values: npt.ArrayLike, share: float = 0.08) -> Domain:
    """The range of the values with a share of it as a margin on both sides."""
    found = np.asarray(values, dtype=float)
    low, high = float(found.min()), float(found.max())
    margin = share * (high - low) or 0.1
    return round(low - margin, 2), round(high + margin, 2)


def decades(values: Iterable[float]) -> Domain:
    """The whole decades, at least one, that hold every value above 0 and finite, as far as a number reaches.

    Where no value is, 0.1 to 1.
    """
    positive = [min(max(math.log10(v), -_REACH), _REACH) for v in values if 0 < v < math.inf] or [-1.0]
    low, high = math.floor(min(positive)), math.ceil(max(positive))
    return 10.0**low, 10.0 ** max(high, low + 1)


def nice(value: float) -> float:
    """The value rounded to one digit, or to 1.5, of its power of ten: 0.199 → 0.2."""
    power = 10.0 ** math.floor(math.log10(value))
    return min((m * power for m in _MULTIPLES), key=lambda v: abs(v - value))


def nice_above(value: float) -> float:
    """The next such number above the value, 0 for 0: 0.201 → 0.3."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return min((m * power for m in _MULTIPLES if m * power >= value), default=value)
