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
        self._groups = [
            _Group(Rows.of(part, x.shape[1], width), seeds, len(y), x_parts, width, room)
            for part, seeds in zip(rows.split(together), seed_of.split(together), strict=True)
        ]
        self._y = y.split(at_once, 1)  # (seeds, points) a part

    def __call__(self) -> Tensor:
        """Return the mean loss of every run, (runs,)."""
        return torch.cat([self._of_group(group) for group in self._groups])

    def _of_group(self, group: "_Group") -> Tensor:
        total: Tensor | float = 0.0
        for (x, use, r, flat), y in zip(group.parts, self._y, strict=True):
            forward(group.net, x, self._activation, use, r)
            (seeds, size), runs = y.shape, len(r)
            if group.in_lines:
                r.view(-1, seeds, r.shape[2])[..., :size].sub_(y)
            else:
                r[:, 0, :size].sub_(y.index_select(0, group.seeds))
            losses = self._loss.value(flat, self._loss_parameter)[: r.numel()].view(runs, -1)
            total = total + losses[:, :size].sum(1)
        return torch.as_tensor(total) / self._points


class _Group:
    """Some runs, and the memory for each part of the points."""

    def __init__(self, net: Rows, seeds: Tensor, count: int, x_parts: Sequence[Tensor], width: int, room: Room):
        self.net, self.seeds, runs = net, seeds, len(net.w2)
        order = torch.arange(runs, device=seeds.device) % count
        self.in_lines = runs % count == 0 and torch.equal(seeds, order)  # whole lines of all seeds, in their order
        self.parts = [
            (
                x.expand(runs, -1, -1),
                Pass.forward_only(room, runs, width, x.shape[1]),
                *room.take("r", runs, 1, x.shape[1]),
            )
            for x in x_parts
        ]
