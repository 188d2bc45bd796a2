"""Checks of a spec's values: who refuses one says which field it is, what it holds, and what it may hold."""

import math
import re
from collections.abc import Sequence
from enum import Enum


class Fault(Enum):
    """What is wrong with a value."""

    CHOICE = "none of"
    RANGE = "outside"
    TYPE = "not"


class Refusal(ValueError):
    """A value that its field may not hold: `allowed` says in symbols, or in names, what it may."""

    def __init__(self, field: str, value: object, kind: Fault, allowed: str):
        super().__init__(f"{field}={value!r} is {kind.value} {allowed}")
        self.field, self.value, self.kind, self.allowed = field, value, kind, allowed


def number(field: str, value: object, low: float, high: float, *, above: bool = False) -> float:
    """Return a real number in [low, high], or in (low, high] where `above`; else raise Refusal."""
    allowed = f"{'(' if above else '['}{low:g}, {high:g}]"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refusal(field, value, Fault.TYPE, allowed)
    if not math.isfinite(value) or not low <= value <= high or (above and value == low):
        raise Refusal(field, value, Fault.RANGE, allowed)
    return float(value)


def whole(field: str, value: object, low: int, high: int) -> int:
    """Return a whole number in [low, high]; else raise Refusal."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refusal(field, value, Fault.TYPE, f"[{low}, {high}]")
    if not low <= value <= high:
        raise Refusal(field, value, Fault.RANGE, f"[{low}, {high}]")
    return value


def choice(field: str, value: object, allowed: Sequence[str]) -> None:
    """Raise Refusal unless the value is one of those allowed."""
    if not isinstance(value, str) or value not in allowed:
        raise Refusal(field, value, Fault.CHOICE, ", ".join(allowed))


#: The name of a coefficient of a network with one hidden layer: w1.3.2 (hidden unit 3, input 2), b1.3, w2.3, b2.
_COEFFICIENT = re.compile(r"w1\.\d{1,3}\.[12]|(b1|w2)\.\d{1,3}|b2", re.ASCII)


def coefficient(field: str, value: object) -> None:
    """Raise Refusal unless the value names a coefficient."""
    if not isinstance(value, str) or not _COEFFICIENT.fullmatch(value):
        raise Refusal(field, value, Fault.CHOICE, "w1.1.1, b1.1, w2.1, b2")
