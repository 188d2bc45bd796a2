"""Where a curve is only one of many: the same training under another rounding parts from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.analysis.frames import lines
from core.engine.company import company
from core.engine.history import History
from core.engine.training import Progress, train_losses
from core.spec.experiment import Experiment

#: Two curves have parted when their mini-batch losses once differ by this share.
PARTED = 0.01
#: Where losses change sign, none counts as smaller than this share of what they range over.
NEAR_ZERO = 1e-3
#: Losses compared at once, which bounds memory.
_AT_ONCE = 500_000


@dataclass(frozen=True)
class Twin:
    """The same training, rounded to float64."""

    loss: Tensor  # (steps, runs) mini-batch loss

    @property
    def nbytes(self) -> int:
        """The memory its tensor takes."""
        return self.loss.nbytes


@dataclass(frozen=True)
class Parted:
    """An optimizer some of whose curves part from their twins."""

    name: str
    seeds: int  # how many do
    share: float  # the most by which their mini-batch losses differ at a step, of the larger one


def train_twin(experiment: Experiment, on_progress: Progress | None = None) -> Twin:
    """Train the experiment in float64."""
    return train_twins([experiment], on_progress)[0]


def train_twins(members: Sequence[Experiment], on_progress: Progress | None = None) -> list[Twin]:
    """Train experiments of one `core.engine.company.kin` in float64, as one."""
    one = company(members)
    loss = train_losses(one, dtype=torch.float64, device="cpu", on_progress=on_progress)
    return [Twin(loss[:, columns]) for columns in one.columns_of_members]


def parted(history: History, twin: Twin) -> tuple[Parted, ...]:
    """Return the optimizers with curves that part from their twins in float64, in their order.

    What follows a divergence in both counts for nothing.
    """
    runs = max(1, _AT_ONCE // len(twin.loss))
    pairs = zip(history.loss.split(runs, 1), twin.loss.split(runs, 1), strict=True)
    apart = torch.cat([differences(ours.double(), other) for ours, other in pairs])  # (runs,)
    found = []
    for line in lines(history):
        of_seeds = apart[list(line.columns)]
        if count := int((of_seeds > PARTED).sum()):
            found.append(Parted(line.name, count, float(of_seeds.max())))
    return tuple(found)


def differences(one: Tensor, other: Tensor) -> Tensor:
    """Return the most by which losses (steps, runs) differ at a step, as a share of the larger: (runs,), at most 2."""
    size = torch.maximum(one.abs(), other.abs())
    finite = one.isfinite() & other.isfinite()
    floor = NEAR_ZERO * (other.where(finite, -torch.inf).amax(0) - other.where(finite, torch.inf).amin(0))  # (runs,)
    signed = (other.where(finite, 0) < 0).any(0) | (one.where(finite, 0) < 0).any(0)
    size = torch.maximum(size, floor.where(signed & floor.isfinite(), torch.zeros_like(floor)))
    share = ((one - other).abs() / size).nan_to_num(0, 0, 0)  # 0/0: both are 0
    share = share.where(finite, (one.isfinite() ^ other.isfinite()).to(share))  # one lost, the other not: all of it
    return share.amax(0)
