"""Quantiles of what may be infinite: a run that diverged or never arrived counts as +∞."""

import math

import numpy as np


def quantile(values: np.ndarray, q: float) -> np.ndarray:
    """Return the q-quantile along the last axis, interpolated; +∞ as soon as it reaches into infinities.

    Values are above −∞. A row with a missing value has none.
    """
    ordered = np.sort(values, axis=-1)
    place = q * (ordered.shape[-1] - 1)
    low, high = ordered[..., math.floor(place)], ordered[..., math.ceil(place)]
    part = place % 1
    if not part:
        return low
    with np.errstate(invalid="ignore"):
        between = np.where(np.isinf(high), np.inf, low + (high - low) * part)
    return np.where(np.isnan(ordered).any(-1), np.nan, between)


def most_by(steps: np.ndarray) -> float:
    """Return the first step by which more than half have arrived, +∞ where as many never did (they are +∞)."""
    return float(np.sort(steps)[len(steps) // 2])
