"""The loss on all points, for a group of runs in training."""

from collections.abc import Sequence

import torch
from torch import Tensor

from core.losses import LossKind
from core.network import Activation
from core.passes import Pass, Room, Rows, forward, in_rows, padded


class FullLoss:
    """Evaluates the loss of some runs on all points, in parts of at most `limit` activations.

    How the points are cut into parts depends on their number and the width alone, so that a run's loss is the
    same bits in any company.
    """

    def __init__(
        self,
        x: Tensor,  # (points, inputs)
        y: Tensor,  # (seeds, points)
        seed_of: Tensor,  # (runs,) the row of y that is a run's
        rows: Tensor,  # (runs, parameters), the ones that training changes in place
        width: int,
        activation: Activation,
        loss: LossKind,
        loss_parameter: float | str,
        limit: int,
        room: Room,
    ):
        self._activation, self._loss, self._loss_parameter = activation, loss, loss_parameter
        self._points = len(x)
        at_once = min(padded(len(x)), padded(max(1, limit // width)))  # points of one part
        together = in_rows(max(1, limit // (width * at_once)), len(y))  # runs of one group
        columns = torch.cat([x.T, torch.ones_like(x.T[:1])])  # (inputs + 1, points)
        x_parts = [
            torch.nn.functional.pad(part, (0, padded(part.shape[1]) - part.shape[1])).contiguous()
            for part in columns.split(at_once, 1)
        ]
        y_parts = y.split(at_once, 1)  # (seeds, points) a part
        self._groups = [
            [
                _Part(net, seeds, x_part, y_part, width, room)
                for net in (Rows.of(part, x.shape[1], width),)
                for x_part, y_part in zip(x_parts, y_parts, strict=True)
            ]
            for part, seeds in zip(rows.split(together), seed_of.split(together), strict=True)
        ]

    def __call__(self) -> Tensor:
        """Return the mean loss of every run, (runs,)."""
        sums = [self._sum(group) for group in self._groups]
        return (sums[0] if len(sums) == 1 else torch.cat(sums)).div_(self._points)

    def _sum(self, parts: Sequence["_Part"]) -> Tensor:
        total = None
        for part in parts:
            forward(part.net, part.x, self._activation, part.use, part.r)
            part.counted.sub_(part.y if part.seeds is None else part.y.index_select(0, part.seeds))
            losses = self._loss.value(part.flat, self._loss_parameter)
            added = losses.as_strided(*part.layout).sum(1)  # without the padding
            total = added if total is None else total.add_(added)
        assert total is not None
        return total


class _Part:
    """Some runs on a part of the points, and the memory for that."""

    def __init__(self, net: Rows, seeds: Tensor, x: Tensor, y: Tensor, width: int, room: Room):
        runs, points, size = len(net.w2), x.shape[1], y.shape[1]
        self.net, self.x, self.y = net, x.expand(runs, -1, -1), y
        self.use = Pass.forward_only(room, runs, width, points)
        self.r, self.flat = room.take("r", runs, 1, points)
        order = torch.arange(runs, device=seeds.device) % len(y)
        in_lines = runs % len(y) == 0 and torch.equal(seeds, order)  # whole lines of all seeds, in their order
        self.seeds = None if in_lines else seeds
        self.counted = self.r.view(-1, len(y) if in_lines else runs, points)[..., :size]
        self.layout = (runs, size), (points, 1)
