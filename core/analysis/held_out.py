"""The loss on points not trained on: same truth, same noise, another generator."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.catalogue.data_sets import draw_targets, inputs
from core.catalogue.losses import LOSSES
from core.engine.history import History, end_steps
from core.engine.network import predict
from core.spec.experiment import Experiment

POINTS = 1000
#: Added to a training's seed for its held-out points, so that no training draws them.
SEED = 2_000_000


@dataclass(frozen=True)
class HeldOut:
    """Losses of every run on its points and on held-out points, at the snapshots of its training."""

    steps: tuple[int, ...]
    last: tuple[int, ...]  # those of them that make the end of a run
    trained: Tensor  # (steps, runs) on the points trained on
    held: Tensor  # (steps, runs) on the held-out points

    @property
    def nbytes(self) -> int:
        """The memory its tensors take."""
        return self.trained.nbytes + self.held.nbytes

    @property
    def ends(self) -> tuple[Tensor, Tensor]:
        """Both losses (runs,) at the end of each run: their means over its last steps."""
        rows = [row for row, step in enumerate(self.steps) if step in self.last]
        return self.trained[rows].mean(0), self.held[rows].mean(0)

    def both(self, run: int) -> Tensor:
        """Return a run's two losses, (steps, 2)."""
        return torch.stack((self.trained[:, run], self.held[:, run]), 1)

    def best(self, run: int) -> int:
        """Return the place in `steps` with the run's lowest held-out loss: the best moment to stop."""
        return int(self.held[:, run].nan_to_num(torch.inf).argmin())


def held_out_points(experiment: Experiment, seed: int) -> tuple[Tensor, Tensor]:
    """Return x (points, inputs) and y (points,) of the held-out points that go with a seed."""
    e = experiment
    x = inputs(e.data, POINTS)
    generator = torch.Generator().manual_seed(SEED + seed)
    return x, draw_targets(e.data, x, e.noise, e.outlier_share, e.outlier_size, generator)


def held_out(history: History) -> HeldOut:
    """Evaluate every run on both kinds of points at every snapshot, in the history's dtype."""
    e = history.experiment
    kind, parameter = LOSSES[e.loss.name], e.loss.parameter or 0.0
    trained: list[Tensor] = []
    held: list[Tensor] = []
    for column, run in enumerate(history.runs):
        parameters = history.snapshots[:, :, column].T.contiguous()  # (parameters, snapshots)
        own = (history.x, history.targets(column))
        for losses, (x, y) in ((trained, own), (held, held_out_points(e, run.seed))):
            residual = predict(parameters, x, e.width, e.activation) - y.unsqueeze(1).to(parameters)
            losses.append(kind.value(residual, parameter).mean(0))
    last = tuple(s for s in end_steps(e.steps, len(e.batch_sizes)) if s in history.snapshot_steps)
    return HeldOut(history.snapshot_steps, last, *(torch.stack(losses, 1).clone() for losses in (trained, held)))
