"""The units of one run as frames: their contributions, running sums and kinks, snapshot by snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor

from core.analysis.frames import CURVE, SIDE
from core.analysis.units import contributions, kink_segments, kinks, nearest_line, running_sums
from core.catalogue.activations import ACTIVATIONS
from core.engine.history import History
from core.engine.network import predict

#: Numbers that the lines of one chart hold at most; wide networks are drawn at fewer snapshots.
NUMBERS = 24_000
#: Places at which a curved contribution is drawn; one of two straight pieces takes its ends and its kink.
PLACES = 25


@dataclass(frozen=True)
class Straight:
    """How straight a trained network is on [−1, 1] or its square."""

    slope: float  # of the nearest line, in x or x₁
    constant: float
    deviation: float  # the farthest that the network is from the nearest line or plane
    span: float  # of its values, highest less lowest


def kept_snapshots(history: History, numbers: int) -> list[int]:
    """Return which snapshots to draw, evenly, first and last among them, at so many `numbers` for each."""
    count = len(history.snapshot_steps)
    most = min(count, max(2, NUMBERS // numbers))
    return sorted({round(i * (count - 1) / (most - 1)) for i in range(most)})


def unit_order(history: History, column: int) -> list[int]:
    """Return the units in the order of their last kinks, left to right; nowhere comes last.

    With two inputs: in their own order.
    """
    e = history.experiment
    if _inputs(history) == 2:
        return list(range(e.width))
    return kinks(history.parameters[:, [column]], e.width)[:, 0].nan_to_num(torch.inf).argsort(stable=True).tolist()


def unit_lines(history: History, column: int) -> pd.DataFrame:
    """Return begin, end, line, and lists x and y, for every snapshot drawn of a run with one input.

    Line 0 is the network; lines 1, 2, … are the contributions of its units in `unit_order`, at fewer snapshots
    where there are many.
    """
    e = history.experiment
    bent = ACTIVATIONS[e.activation].homogeneous
    places = 3 if bent else PLACES
    kept = kept_snapshots(history, 2 * e.width * places)
    parameters = history.snapshots[kept, :, column].T  # (parameters, snapshots)
    if bent:
        kink = kinks(parameters, e.width).nan_to_num(0.0).clamp(-1, 1)  # (hidden, snapshots)
        x = torch.stack([-torch.ones_like(kink), kink, torch.ones_like(kink)], 1)  # (hidden, 3, snapshots)
    else:
        grid = torch.linspace(-1, 1, places).to(parameters)
        x = grid.view(1, -1, 1).expand(e.width, -1, parameters.shape[1])  # (hidden, places, snapshots)
    y = contributions(parameters, x.unsqueeze(2), e.width, e.activation)  # (hidden, places, snapshots)
    order = unit_order(history, column)
    units = [(k + 1, x[unit].T.tolist(), y[unit].T.tolist()) for k, unit in enumerate(order)]
    all_ = kept_snapshots(history, 2 * CURVE)
    whole = _frame(history, all_, [(0, *_whole(history, history.snapshots[all_, :, column].T))])
    return pd.concat([whole, _frame(history, kept, units)], ignore_index=True)


def sum_counts(width: int) -> list[int]:
    """Return how many units the running sums hold that are drawn: 1, 2, 5, 10, … and all."""
    return [n for n in (1, 2, 5, 10, 20, 50, 100) if n < width] + [width]


def sum_lines(history: History, column: int) -> pd.DataFrame:
    """Return begin, end, line, and lists x and y: line n is the output bias plus the first n units.

    The order is that of the largest contributions at the snapshot, by their spread over [−1, 1].
    """
    e = history.experiment
    counts = sum_counts(e.width)
    kept = kept_snapshots(history, 2 * len(counts) * CURVE)
    parameters = history.snapshots[kept, :, column].T  # (parameters, snapshots)
    grid = torch.linspace(-1, 1, CURVE).to(parameters)
    parts = contributions(parameters, grid.unsqueeze(1), e.width, e.activation)  # (hidden, CURVE, snapshots)
    order = parts.std(1).nan_to_num(0.0).argsort(dim=0, descending=True, stable=True)  # (hidden, snapshots)
    parts = parts.gather(0, order.unsqueeze(1).expand_as(parts))
    sums = running_sums(parts, parameters[-1], counts)  # (counts, CURVE, snapshots)
    x = [grid.tolist()] * len(kept)
    return _frame(history, kept, [(n, x, sums[i].T.tolist()) for i, n in enumerate(counts)])


def kink_lines(history: History, column: int) -> pd.DataFrame:
    """Return begin, end, x, y, x2, y2, weight: where each unit of two inputs kinks the plane, inside [−1, 1]².

    `weight` is the unit's output weight. Kinks outside the square are left out.
    """
    e = history.experiment
    kept = kept_snapshots(history, 5 * e.width)
    parameters = history.snapshots[kept, :, column].T  # (parameters, snapshots)
    ends = kink_segments(parameters, e.width)  # (hidden, 4, snapshots)
    weights = parameters[3 * e.width : 4 * e.width]  # (hidden, snapshots)
    begin, end = _spans(history, kept)
    rows = torch.cat([ends, weights.unsqueeze(1)], 1).permute(2, 0, 1)  # (snapshots, hidden, 5)
    frames = [
        pd.DataFrame(values.tolist(), columns=["x", "y", "x2", "y2", "weight"]).assign(begin=b, end=n)
        for values, b, n in zip(rows, begin, end, strict=True)
    ]
    return pd.concat(frames, ignore_index=True).dropna()


def straight(history: History, column: int) -> Straight:
    """Return how straight a run's network is in the end; nan where its values are not finite."""
    e = history.experiment
    axis = torch.linspace(-1, 1, SIDE if _inputs(history) == 2 else CURVE)
    x = torch.cartesian_prod(*[axis] * _inputs(history)).view(-1, _inputs(history))  # (points, inputs)
    y = predict(history.parameters[:, [column]], x, e.width, e.activation)[:, 0]  # (points,)
    if not bool(y.isfinite().all()):
        return Straight(*[float("nan")] * 4)
    line, deviation = nearest_line(x, y)
    return Straight(float(line[0]), float(line[-1]), float(deviation), float(y.max() - y.min()))


def kinks_inside(history: History, column: int) -> int:
    """Return how many units of the trained network change sign inside [−1, 1] or its square."""
    e = history.experiment
    parameters = history.parameters[:, [column]]
    if _inputs(history) == 2:
        return int(kink_segments(parameters, e.width)[:, 0].isfinite().sum())
    return int((kinks(parameters, e.width).abs() < 1).sum())


def _inputs(history: History) -> int:
    return (len(history.parameters) - 1) // history.experiment.width - 2


def _whole(history: History, parameters: Tensor) -> tuple[list, list]:
    e = history.experiment
    grid = torch.linspace(-1, 1, CURVE).unsqueeze(1)
    fits = predict(parameters, grid, e.width, e.activation)  # (CURVE, snapshots)
    return [grid[:, 0].tolist()] * parameters.shape[1], fits.T.tolist()


def _spans(history: History, kept: Sequence[int]) -> tuple[list[int], list[int]]:
    begin = [history.snapshot_steps[i] for i in kept]
    return begin, [*begin[1:], history.experiment.steps + 1]


def _frame(history: History, kept: Sequence[int], lines: Sequence[tuple[int, list, list]]) -> pd.DataFrame:
    """Rows for lines (number, x by snapshot, y by snapshot)."""
    begin, end = _spans(history, kept)
    rows = [(b, n, line, x[i], y[i]) for i, (b, n) in enumerate(zip(begin, end, strict=True)) for line, x, y in lines]
    return pd.DataFrame(rows, columns=["begin", "end", "line", "x", "y"])
