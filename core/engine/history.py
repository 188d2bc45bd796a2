"""What a training run leaves: losses, snapshots of the parameters, and an outcome."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import torch
from torch import Tensor

from core.spec.experiment import Experiment, Run
from core.spec.sizes import end_steps

#: A loss this many times the larger of its start and the best constant's counts as diverged.
DIVERGED = 1e6
#: Losses judged at once, which bounds memory.
_AT_ONCE = 500_000
#: Losses nearer than this share are equal but for the rounding of float32.
ROUNDING = 1e-6


class Kind(Enum):
    """What became of a run; the first that fits, in this order."""

    DIVERGED = "diverged"  # a loss that is not finite, or `DIVERGED` times too large
    CONSTANT = "constant"  # ends no better than the best constant prediction
    BELOW = "below"  # ends below the target
    ABOVE = "above"  # ends at the target or above


@dataclass(frozen=True)
class Outcome:
    """What became of a run. All but `reached` depend on the run alone, whoever trains beside it."""

    kind: Kind
    end: float  # mean full-data loss over `end_steps`, inf where the run diverged
    collapsed: bool  # no better than a constant, after an epoch whose mean loss was above the start's
    reached: int | None  # first evaluated step with the full-data loss below the target, before any divergence
    diverged: int | None  # the step at whose parameters a loss diverged


@dataclass(frozen=True)
class History:
    """The record of one experiment; column r of every tensor is run r."""

    experiment: Experiment
    loss: Tensor  # (steps, runs) mini-batch loss before update 1, 2, …
    full_steps: tuple[int, ...]  # the steps the full-data loss was evaluated at, from 0 to the last
    full_loss: Tensor  # (evaluations, runs)
    snapshot_steps: tuple[int, ...]  # from 0 to the last
    snapshots: Tensor  # (snapshots, parameters, runs)
    first_moment: Tensor  # (parameters, runs) m after the last step
    second_moment: Tensor  # (parameters, runs) v after the last step
    constant_loss: Tensor  # (runs,) loss of the best constant prediction
    outcomes: tuple[Outcome, ...]
    device: str
    x: Tensor  # (points, inputs) what was trained on
    y: Tensor  # (points, seeds)

    @property
    def runs(self) -> tuple[Run, ...]:
        """One for each column."""
        return self.experiment.runs

    @property
    def parameters(self) -> Tensor:
        """The parameters after the last step, (parameters, runs)."""
        return self.snapshots[-1]

    @property
    def eval_every(self) -> int:
        """The most steps between two evaluations on the full data."""
        return max(b - a for a, b in pairwise(self.full_steps))

    def exact(self, step: int) -> bool:
        """Whether every step up to this one was measured, so that what was first seen at it began there."""
        return len(self.full_steps) > step and self.full_steps[step] == step

    def targets(self, column: int) -> Tensor:
        """What one run was trained to give, (points,)."""
        return self.y[:, self.runs[column].seed - self.experiment.first_seed]

    @property
    def event(self) -> int | None:
        """The step where a run first diverged, else where one first reached the target; None if neither happened."""
        for steps in ([o.diverged for o in self.outcomes], [o.reached for o in self.outcomes]):
            if happened := [step for step in steps if step is not None]:
                return min(happened)
        return None

    @property
    def end(self) -> Tensor:
        """Every run's end (runs,), in float64: inf where it diverged."""
        return torch.tensor([o.end for o in self.outcomes], dtype=torch.float64)

    @property
    def nbytes(self) -> int:
        """The memory its tensors take."""
        tensors = (self.loss, self.full_loss, self.snapshots, self.first_moment, self.second_moment, self.x, self.y)
        return sum(t.nbytes for t in tensors)


def outcomes(
    experiment: Experiment, loss: Tensor, full_loss: Tensor, full_steps: Sequence[int], constant_loss: Tensor
) -> tuple[Outcome, ...]:
    """Return each run's outcome from its mini-batch losses (steps, runs) and full-data losses (evaluations, runs).

    Kind and end are read where every run is measured in any company: at each mini-batch, at step 0 and at
    `end_steps`. What lies between those evaluations only says when the target was reached.
    """
    runs = max(1, _AT_ONCE // len(loss))
    parts = zip(loss.split(runs, 1), full_loss.split(runs, 1), constant_loss.split(runs), strict=True)
    return tuple(o for batch, full, constant in parts for o in _outcomes(experiment, batch, full, full_steps, constant))


def _outcomes(
    e: Experiment, loss: Tensor, full_loss: Tensor, full_steps: Sequence[int], constant_loss: Tensor
) -> list[Outcome]:
    per_epoch = len(e.batch_sizes)
    loss, full = loss.double(), full_loss.double()
    row_of = {step: row for row, step in enumerate(full_steps)}
    ends = full[[row_of[step] for step in end_steps(e.steps, per_epoch)]].mean(0)  # (runs,)
    start, constant = full[0], constant_loss.double()
    diverged = _diverged(e, loss, full, row_of, constant)
    useless = ends >= constant - ROUNDING * constant.abs()
    weights = loss.new_tensor(e.batch_sizes) / e.points  # the last batch may be smaller
    epochs = torch.einsum("ebr,b->er", loss.unflatten(0, (e.epochs, per_epoch)), weights)  # (epochs, runs)
    worse = (epochs > start + 10 * ROUNDING * start.abs()).any(0)
    below = full < e.target  # (evaluations, runs)
    first_below = [
        full_steps[row] if any_ else None
        for row, any_ in zip(below.int().argmax(0).tolist(), below.any(0).tolist(), strict=True)
    ]
    found = []
    for run, lost in enumerate(diverged):
        reached = first_below[run]
        if lost is not None and reached is not None and reached >= lost:
            reached = None
        end = math.inf if lost is not None else float(ends[run])
        kind = _kind(lost is not None, bool(useless[run]), end < e.target)
        collapsed = kind is Kind.CONSTANT and e.activation != "identity" and bool(worse[run])
        found.append(Outcome(kind, end, collapsed, reached, lost))
    return found


def _kind(diverged: bool, useless: bool, below: bool) -> Kind:
    if diverged:
        return Kind.DIVERGED
    if useless:
        return Kind.CONSTANT
    return Kind.BELOW if below else Kind.ABOVE


def _diverged(e: Experiment, loss: Tensor, full: Tensor, row_of: dict[int, int], constant: Tensor) -> list[int | None]:
    """Return for each run the first step at whose parameters a loss was lost, None where none was."""
    start = full[0]
    limit = DIVERGED * torch.maximum(start.abs().nan_to_num(0, 0, 0), constant.abs().nan_to_num(0, 0, 0))  # (runs,)
    steps = [0, *end_steps(e.steps, len(e.batch_sizes))]
    at = torch.tensor([*range(e.steps), *steps])  # mini-batch i was measured after i updates
    measured = torch.cat([loss, full[[row_of[s] for s in steps]]])
    lost = ~(measured.abs() <= limit)  # true for nan as well; an own loss may be negative
    first = torch.where(lost, at.unsqueeze(1), e.steps + 1).amin(0).tolist()
    return [None if step > e.steps else step for step in first]
