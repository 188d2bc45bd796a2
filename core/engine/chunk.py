"""A group of neighbouring runs in training, small enough for its buffers to stay in the cache."""

from collections.abc import Callable

import torch
from torch import Tensor

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.losses import LOSSES
from core.catalogue.optimizers import METHODS
from core.engine.evaluation import FullLoss
from core.engine.passes import Order, Pass, Room, Rows, backward, forward, whole
from core.engine.rule import Rule, update
from core.engine.start import Start
from core.spec import sizes
from core.spec.experiment import Experiment
from core.spec.sizes import padded

#: Told after every step: how many steps are done, and the chunk.
Visit = Callable[[int, "Chunk"], None]


class Chunk:
    """A group of neighbouring runs in training: its parameters and optimizer state; its buffers are the room's."""

    def __init__(self, experiment: Experiment, start: Start, columns: range, like: Tensor, room: Room):
        e = self.experiment = experiment
        self.columns, self.room, self.like = columns, room, like
        runs = [e.runs[c] for c in columns]
        self.kind, self.loss = ACTIVATIONS[e.activation], LOSSES[e.loss.name]
        self.loss_parameter = e.loss.parameter or 0.0
        self.inputs = start.x.shape[1]
        self.seeds = list(dict.fromkeys(run.seed - e.first_seed for run in runs))  # as columns of the start
        place = {seed: i for i, seed in enumerate(self.seeds)}
        self.seed_of = torch.tensor([place[run.seed - e.first_seed] for run in runs], device=like.device)  # (runs,)
        self.y = start.y[:, self.seeds].T.to(like).contiguous()  # (seeds, points)
        x = start.x.T.to(like)  # (inputs, points)
        self.x = torch.cat([x, torch.ones_like(x[:1])])  # (inputs + 1, points)
        self.order = Order(self.inputs, e.width, like.device)
        self.rows = self.order.rows(start.parameters[:, self.seeds].to(like))[self.seed_of]
        self.gradients = torch.empty_like(self.rows)
        self.net, self.grads = (Rows.of(t, self.inputs, e.width) for t in (self.rows, self.gradients))
        row_of = {o: METHODS[o.name].row(o.hyperparameters) for o in e.optimizers}
        rates = [run.learning_rate for run in runs]
        rows = [row_of[run.optimizer] for run in runs]
        self.rule = Rule(rows, rates, like.dtype, like.device, self.rows.shape[1])
        self.state = self.rule.start(self.rows)
        self.coefficients = self.rule.steps(1, e.steps)
        self.prepared: dict[tuple[int, int], _Batches] = {}  # by number of batches and their size
        limit = sizes.CHUNK_EVALUATION if like.device.type == "cpu" else sizes.CHUNK_CUDA
        self.full_loss = FullLoss(
            start.x.to(like),
            self.y,
            self.seed_of,
            e.width,
            self.kind,
            self.loss,
            self.loss_parameter,
            limit,
            room,
        )

    @property
    def parameters(self) -> Tensor:
        """The parameters as they are now, (parameters, runs)."""
        return self.order.columns(self.rows)

    @property
    def moments(self) -> tuple[Tensor, Tensor]:
        """Both moments as they are now, (parameters, runs) each."""
        return self.order.columns(self.state.first), self.order.columns(self.state.second)

    def epoch(self, order: Tensor, first: int, visit: Visit) -> Tensor:
        """Train one epoch in this order of the points (seeds, points) and return the batches' losses (batches, runs).

        `first` is the number of steps done before.
        """
        batches = self.experiment.batch_sizes
        full = batches.count(batches[0])
        at_once = max(1, sizes.AHEAD // (len(self.rows) * padded(batches[0]) * (self.inputs + 3)))
        losses, done = [], 0
        for count in [*[at_once] * (full // at_once), full % at_once, len(batches) - full]:
            if count:
                size = batches[done]
                points = slice(done * batches[0], done * batches[0] + count * size)
                picked = order[:, points].unflatten(1, (count, size))  # (seeds, batches, batch)
                losses.append(self._batches(picked, first + done, visit))
                done += count
        return torch.cat(losses)

    def _lay_out(self, picked: Tensor, to: "_Batches") -> None:
        """Fill in x and y of these points (seeds, batches, batch).

        Batches are padded with their last point: where its slope is finite, so is the padding's, which counts 0.
        """
        seeds, size = len(picked), picked.shape[2]
        if padded(size) > size:
            picked = torch.cat([picked, picked[..., -1:].expand(-1, -1, padded(size) - size)], 2)
        x = self.x[:, picked].permute(2, 1, 0, 3)  # (batches, seeds, inputs + 1, batch)
        y = self.y.gather(1, picked.flatten(1)).view(picked.shape).transpose(0, 1).unsqueeze(2)
        if seeds == to.x.shape[1]:
            to.x.copy_(x)
            to.y.copy_(y)
        else:
            torch.index_select(x, 1, self.seed_of, out=to.x)
            torch.index_select(y, 1, self.seed_of, out=to.y)

    def _batches(self, picked: Tensor, first: int, visit: Visit) -> Tensor:
        """Train batches of one size, the points of each `picked` (seeds, batches, batch); return their losses."""
        shape = batches, size = picked.shape[1], picked.shape[2]
        if shape not in self.prepared:
            self.prepared[shape] = _Batches(self, batches, size)
        use = self.prepared[shape]
        self._lay_out(picked, use)
        net, linear, share, g, g_flat = self.net, self.loss.linear, use.share, use.g, use.g_flat
        for step, (x, y, r, r_flat) in enumerate(use.each, first + 1):
            torch.sub(net.b2, y, out=r)
            forward(net, x, self.kind, use.buffers, r)
            if linear:
                torch.mul(r_flat, share, out=g_flat)
            else:
                self.loss.slope(r_flat, self.loss_parameter, g_flat).mul_(share)
            backward(net, self.grads, x, g, self.kind, use.buffers)
            update(self.rows, self.gradients, self.state, next(self.coefficients))
            visit(step, self)
        losses = self.loss.value(use.residuals, self.loss_parameter)[:, : g.numel()]
        return losses.unflatten(1, (len(self.rows), padded(size)))[..., :size].sum(2) / size


class _Batches:
    """The memory of batches of one size, seen batch by batch: filled anew in every epoch."""

    def __init__(self, chunk: Chunk, batches: int, size: int):
        room, runs, inputs, points = chunk.room, len(chunk.rows), chunk.inputs, padded(size)
        flat = whole(runs * points)
        across = 1 if len(chunk.seeds) == 1 else runs
        self.buffers = Pass.of(room, runs, inputs, chunk.experiment.width, points, chunk.kind.needs_z)
        self.x, _ = room.take("x", batches, across, inputs + 1, points)
        self.y, _ = room.take("y", batches, across, 1, points)
        self.residuals, _ = room.take("residuals", batches, flat)
        self.g, self.g_flat = room.take("g", runs, 1, points)
        share = chunk.like.new_zeros(points)  # the padding counts nothing
        share[:size] = (chunk.loss.linear or 1) / size
        self.share = torch.nn.functional.pad(share.repeat(runs), (0, flat - runs * points))
        views = self.residuals[:, : runs * points].unflatten(1, (runs, 1, points))
        x = self.x.expand(-1, runs, -1, -1)
        self.each = tuple(zip(x.unbind(), self.y.unbind(), views.unbind(), self.residuals.unbind(), strict=True))
