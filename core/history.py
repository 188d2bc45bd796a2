"""What a training run leaves: losses, snapshots of the parameters, and an outcome."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.spec import Experiment, Run

#: A loss this many times its start counts as diverged, as does one that is not finite.
DIVERGED = 1e6


@dataclass(frozen=True)
class Outcome:
    """What became of a run, on the full-data loss: the steps are those it was evaluated at."""

    reached: int | None  # first step with the loss below the target
    diverged: int | None  # first step with a loss not finite or `DIVERGED` times its start
    collapsed: bool  # ends no better than the best constant prediction, having been worse than its start

    @property
    def kind(self) -> str:
        """Its one name: diverged before collapsed before reached before not_reached."""
        if self.diverged is not None:
            return "diverged"
        if self.collapsed:
            return "collapsed"
        return "reached" if self.reached is not None else "not_reached"


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
        """How many steps lie between two evaluations on the full data; the last gap may be shorter."""
        return self.full_steps[1] - self.full_steps[0]

    @property
    def nbytes(self) -> int:
        """The memory its tensors take."""
        tensors = (self.loss, self.full_loss, self.snapshots, self.first_moment, self.second_moment)
        return sum(t.nbytes for t in tensors)


def outcomes(full_loss: Tensor, full_steps: Sequence[int], constant_loss: Tensor, target: float) -> tuple[Outcome, ...]:
    """Return each run's outcome from its full-data losses (evaluations, runs).

    A run that only fell, if too slowly to beat a constant yet, has not collapsed: it was never worse than
    its start.
    """
    steps = torch.tensor(full_steps)

    def first(happened: Tensor) -> list[int | None]:
        at = steps[happened.int().argmax(0)].tolist()
        return [step if any_ else None for step, any_ in zip(at, happened.any(0).tolist(), strict=True)]

    lost = ~(full_loss.abs() <= DIVERGED * full_loss[0].abs())  # true for nan as well; an own loss may be negative
    reached, diverged = first(full_loss < target), first(lost)
    useless = full_loss[-1] >= constant_loss - 1e-6 * constant_loss.abs()
    collapsed = (useless & (full_loss.amax(0) > full_loss[0])).tolist()
    return tuple(Outcome(r, d, c and d is None) for r, d, c in zip(reached, diverged, collapsed, strict=True))
