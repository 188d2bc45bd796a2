"""Where a curve is only one of many: the same training under another rounding parts from it."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.history import History
from core.spec import Experiment
from core.training import Progress, train

#: From this learning rate on, methods that divide by √v have been seen to part.
SUSPECT = 0.1
#: Two curves have parted when their mini-batch losses once differ by this share.
PARTED = 0.01


@dataclass(frozen=True)
class Twin:
    """The same training of one seed, rounded to float64."""

    loss: Tensor  # (steps, runs of one seed) mini-batch loss

    @property
    def nbytes(self) -> int:
        """The memory its tensor takes."""
        return self.loss.nbytes


def suspect(history: History) -> bool:
    """Return whether a twin is worth its training: only where some rate is `SUSPECT`."""
    return any(run.learning_rate >= SUSPECT for run in history.runs)


def twin_of(experiment: Experiment) -> Experiment:
    """Return what a twin trains: only one seed of a race is looked at."""
    return replace(experiment, seeds=1)


def train_twin(experiment: Experiment, on_progress: Progress | None = None) -> Twin:
    """Train in float64 what `twin_of` returned."""
    return Twin(train(experiment, dtype=torch.float64, device="cpu", on_progress=on_progress).loss)


def parted(history: History, twin: Twin) -> tuple[str, ...]:
    """Return the optimizers whose curve in float64 parts from this one in float32.

    Runs that overflow are left out.
    """
    e = history.experiment
    ours = history.loss[:, :: e.seeds].double()
    apart = ((ours - twin.loss).abs() / twin.loss).nan_to_num(0, 0, 0).amax(0) > PARTED
    fine = ours.isfinite().all(0)
    names = [run.optimizer.name for run in history.runs[:: e.seeds]]
    return tuple(dict.fromkeys(n for n, a, f in zip(names, apart.tolist(), fine.tolist(), strict=True) if a and f))
