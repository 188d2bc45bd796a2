"""Checks of a spec's values: the error names the field, the value and the allowed range."""

import math
from collections.abc import Sequence


def number(field: str, value: object, low: float, high: float, *, above: bool = False) -> float:
    """Return a real number in [low, high], or in (low, high] where `above`; else raise ValueError."""
    allowed = f"{'(' if above else '['}{low:g}, {high:g}]"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{field}={value!r} is not a number in {allowed}")
    if not math.isfinite(value) or not low <= value <= high or (above and value == low):
        raise ValueError(f"{field}={value!r} is outside {allowed}")
    return float(value)


def whole(field: str, value: object, low: int, high: int) -> int:
    """Return a whole number in [low, high]; else raise ValueError."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{field}={value!r} is not a whole number in [{low}, {high}]")
    return value


def choice(field: str, value: object, allowed: Sequence[str]) -> None:
    """Raise ValueError unless the value is one of those allowed."""
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{field}={value!r} is none of {', '.join(allowed)}")
