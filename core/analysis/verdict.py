"""An own loss judged on the residuals that are drawn: where it is least, where it ends, where it teaches nothing."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

import torch

from core.analysis.loss_frames import REACH, axis, slope, value
from core.spec.experiment import Loss

#: A slope that is 0 at this share of the residuals teaches almost nothing.
FLAT = 0.9
_HALVINGS = 80
_GOLDEN = (math.sqrt(5) - 1) / 2
#: Losses nearer than this are the same least one.
_SAME = 1e-9

#: The first and the last of neighbouring residuals.
Span = tuple[float, float]


@dataclass(frozen=True)
class Verdict:
    """What an own loss does between −REACH and REACH; the places are residuals."""

    no_value: tuple[Span, ...]  # where its value is not finite
    no_slope: tuple[Span, ...]  # where its value is, but not its slope
    flat: float  # the share of places where the slope is 0
    least: tuple[Span, ...]  # where it is least; none where it is not finite anywhere, or falls without end
    falls: float | None  # where it falls without end, beyond the last place with a value


def judge(loss: Loss) -> Verdict:
    """Return what becomes of a loss at the places that are drawn, and between them where that changes."""
    r = axis(REACH)
    values, slopes = value(loss, r), slope(loss, r)
    finite = values.isfinite()

    def at(x: float) -> float:
        return value(loss, torch.tensor([x], dtype=r.dtype)).item()

    least, falls = _least(at, r.tolist(), values.nan_to_num(math.inf, math.inf, math.inf).tolist())
    return Verdict(
        no_value=spans(lambda x: not math.isfinite(at(x)), r.tolist(), (~finite).tolist()),
        no_slope=spans(None, r.tolist(), (finite & ~slopes.isfinite()).tolist()),
        flat=(slopes == 0).double().mean().item(),
        least=least,
        falls=falls,
    )


def spans(holds: Callable[[float], bool] | None, places: list[float], there: list[bool]) -> tuple[Span, ...]:
    """Return the stretches of places that are there, widened to where it no longer holds."""
    found = []
    for is_there, run in groupby(range(len(places)), there.__getitem__):
        if is_there:
            indices = list(run)
            found.append(_widened(holds, places, indices[0], indices[-1]))
    return tuple(found)


def _widened(holds: Callable[[float], bool] | None, places: list[float], first: int, last: int) -> Span:
    ends = []
    for index, beyond in ((first, first - 1), (last, last + 1)):
        inside = places[index]
        alone = holds is None or not 0 <= beyond < len(places)
        ends.append(_round(inside if alone or holds is None else _last(holds, inside, places[beyond])))
    return ends[0], ends[1]


def _round(place: float) -> float:
    return round(place, 6) + 0.0  # no −0


def _last(holds: Callable[[float], bool], inside: float, outside: float) -> float:
    """Return the last place at which something holds, on the way from where it does to where it does not."""
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if holds(middle) else (inside, middle)
    return inside


def _least(
    at: Callable[[float], float], places: list[float], heights: list[float]
) -> tuple[tuple[Span, ...], float | None]:
    """Return where the loss is least; where it falls without end instead, nothing and that place."""
    valleys: list[tuple[float, Span]] = []  # height, where
    steep = 1e6 * max((abs(h) for h in heights if math.isfinite(h)), default=1.0)
    for first, last in _valleys(heights):
        height = heights[first]
        if first < last:
            valleys.append((height, _widened(_level(at, height), places, first, last)))
            continue
        low, high = places[max(first - 1, 0)], places[min(first + 1, len(places) - 1)]
        for beyond in (low, high):
            if not math.isfinite(at(beyond)):
                edge = _last(lambda x: math.isfinite(at(x)), places[first], beyond)
                if _endless(at, edge, places[first] - beyond):
                    return (), _round(edge)
                low, high = (edge, high) if beyond < places[first] else (low, edge)
        found = _golden(at, low, high, places[first])
        if at(found) < -steep:
            return (), _round(found)
        valleys.append((at(found), (_round(found), _round(found))))
    lowest = min((height for height, _ in valleys), default=math.inf)
    return tuple(where for height, where in valleys if height <= lowest + _SAME * max(1.0, abs(lowest))), None


def _level(at: Callable[[float], float], height: float) -> Callable[[float], bool]:
    return lambda x: at(x) == height


def _valleys(heights: list[float]) -> list[tuple[int, int]]:
    """Return the first and last index of every run of equal heights that nothing beside it lies below."""
    found, first = [], 0
    for height, run in groupby(heights):
        last = first + len(list(run)) - 1
        beside = [heights[i] for i in (first - 1, last + 1) if 0 <= i < len(heights)]
        if math.isfinite(height) and min(beside, default=math.inf) > height:
            found.append((first, last))
        first = last + 1
    return found


def _endless(at: Callable[[float], float], edge: float, way: float) -> bool:
    """Return whether the loss falls by as much on each thousandth of the way to the edge as on the one before."""
    one, two, three = (at(edge + way * part) for part in (1e-3, 1e-6, 1e-9))
    return one > two > three and two - three > 0.5 * (one - two)


def _golden(at: Callable[[float], float], low: float, high: float, known: float) -> float:
    """Return the place of the least value between two places by golden section, the known one where none is lower."""
    for _ in range(60):
        a, b = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        low, high = (low, b) if at(a) <= at(b) else (a, high)
    found = (low + high) / 2
    return known if not at(found) < at(known) - _SAME * max(1.0, abs(at(known))) else found
