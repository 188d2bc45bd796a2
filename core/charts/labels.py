"""Where labels go so that none covers another."""

import math
from collections.abc import Sequence


def spread(values: Sequence[float], low: float, high: float, gap: float, log: bool = False) -> list[float]:
    """Positions nearest to `values` (least squares) in [low, high] that are at least `gap` apart, order kept.

    On a logarithmic axis `gap` counts decades. Values outside, infinite ones too, go to the edge; where
    the room does not suffice the gap shrinks to what fits. NaN raises ValueError.
    """
    if any(math.isnan(v) for v in values):
        raise ValueError("values has a NaN: say where it belongs")
    if log:
        logs = [math.log10(min(max(v, low), high)) for v in values]
        moved = spread(logs, math.log10(low), math.log10(high), gap)
        return [min(max(10**v, low), high) for v in moved]
    count = len(values)
    if count < 2:
        return [float(min(max(v, low), high)) for v in values]
    gap = min(gap, (high - low) / (count - 1))
    order = sorted(range(count), key=lambda i: values[i])
    # With i gaps taken off the i-th value, "gap apart" becomes "never falling": isotonic regression.
    free = _never_falling([min(max(values[i], low), high) - k * gap for k, i in enumerate(order)])
    placed = [0.0] * count
    for k, i in enumerate(order):
        placed[i] = min(max(min(max(free[k], low), high - (count - 1) * gap) + k * gap, low), high)
    return placed


def _never_falling(values: Sequence[float]) -> list[float]:
    """The least-squares never-falling sequence nearest to `values`: pool adjacent violators."""
    pools: list[tuple[float, int]] = []
    for value in values:
        mean, size = value, 1
        while pools and pools[-1][0] > mean:
            before, count = pools.pop()
            mean = (before * count + mean * size) / (count + size)
            size += count
        pools.append((mean, size))
    return [mean for mean, size in pools for _ in range(size)]
