"""A group of neighbouring runs in training, small enough for its buffers to stay in the cache."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from core import network
from core.evaluation import FullLoss
from core.losses import LOSSES
from core.methods import METHODS
from core.network import ACTIVATIONS, Buffers, Layers
from core.optimizers import Rule, update
from core.spec import Experiment
from core.start import Start

#: Activations (hidden × batch × runs) of one chunk on the CPU.
CHUNK = 300_000
#: The same of an evaluation, which works in one buffer.
CHUNK_EVALUATION = 600_000
#: The same on a GPU, where it bounds memory only.
CHUNK_CUDA = 200_000_000


class Chunk:
    """A group of neighbouring runs in training: its parameters, optimizer state and buffers."""

    def __init__(self, experiment: Experiment, start: Start, columns: range, like: Tensor):
        e = self.experiment = experiment
        self.columns = columns
        runs = [e.runs[c] for c in columns]
        self.kind, self.loss = ACTIVATIONS[e.activation], LOSSES[e.loss.name]
        self.loss_parameter = e.loss.parameter or 0.0
        self.seeds = torch.tensor([run.seed - e.first_seed for run in runs], device=like.device)  # as columns
        self.one_seed = e.seeds == 1  # its batch is then broadcast over the runs, not copied
        inputs_, width = start.x.shape[1], e.width
        self.parameters = start.parameters.to(like)[:, self.seeds].contiguous()
        self.gradients = torch.empty_like(self.parameters)
        self.net = Layers.of(self.parameters, inputs_, width)
        self.grads = Layers.of(self.gradients, inputs_, width)
        row_of = {o: METHODS[o.name].row(o.hyperparameters) for o in e.optimizers}
        rows = [row_of[run.optimizer] for run in runs]
        self.rule = Rule(rows, [run.learning_rate for run in runs], like.dtype, like.device)
        self.state = self.rule.start(self.parameters)
        self.buffers = {
            size: Buffers.of((width, size, len(runs)), self.parameters, self.kind.needs_z)
            for size in set(e.batch_sizes)
        }
        self.share = {size: like.new_tensor(1 / size) for size in set(e.batch_sizes)}
        self.residuals = like.new_empty(e.points, len(columns))  # of one epoch, in its order
        limit = CHUNK_EVALUATION if like.device.type == "cpu" else CHUNK_CUDA
        self.full_loss = FullLoss(
            start.x.to(like),
            self.spread(start.y.to(like)),
            self.parameters,
            width,
            self.kind,
            self.loss,
            self.loss_parameter,
            limit,
        )

    def spread(self, by_seed: Tensor) -> Tensor:
        """Give each run its seed's column: (…, seeds) → (…, 1) for one seed, else (…, runs)."""
        return by_seed if self.one_seed else by_seed.index_select(-1, self.seeds)

    def epoch(self, x: Tensor, y: Tensor, first: int, visit: Callable[[int, "Chunk"], None]) -> Tensor:
        """Train one epoch and return its mini-batch losses (batches, runs).

        x (inputs, points, seeds) and y (points, seeds) come in the epoch's order, `first` is the number of
        steps done before, and `visit(step, self)` is called after every step.
        """
        sizes = self.experiment.batch_sizes
        x_parts = zip(*(self.spread(x_i).split(sizes) for x_i in x), strict=True)  # (batch, 1 or runs) an input
        y_parts = self.spread(y).split(sizes)
        r_parts = self.residuals.split(sizes)
        now = self.rule.steps(first + 1, len(sizes))
        for i, (x_i, y_i, r, coefficients) in enumerate(zip(x_parts, y_parts, r_parts, now, strict=True)):
            use = self.buffers[sizes[i]]
            network.forward(self.net, x_i, self.kind, use, r).sub_(y_i)
            self.loss.slope(r, self.loss_parameter, use.g).mul_(self.share[sizes[i]])
            network.backward(self.net, self.grads, x_i, self.kind, use)
            update(self.parameters, self.gradients, self.state, coefficients)
            visit(first + i + 1, self)
        return self._batch_losses(sizes)

    def _batch_losses(self, sizes: Sequence[int]) -> Tensor:
        losses = self.loss.value(self.residuals, self.loss_parameter)  # (points, runs)
        whole = len(losses) // sizes[0]
        means = [losses[: whole * sizes[0]].unflatten(0, (whole, sizes[0])).mean(1)]
        if sizes[-1] != sizes[0]:
            means.append(losses[-sizes[-1] :].mean(0, keepdim=True))
        return torch.cat(means)
