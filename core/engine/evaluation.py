"""The loss on all points, for a group of runs in training: that of a few runs at several steps at once."""

from collections.abc import Sequence

import torch
from torch import Tensor

from core.catalogue.activations import Activation
from core.catalogue.losses import LossKind
from core.engine.passes import Pass, Room, Rows, forward, forward_on_line
from core.spec.sizes import in_rows, padded

#: As many steps at most wait to be evaluated together.
STEPS = 64


class FullLoss:
    """Evaluates the loss of some runs on all points, in parts of at most `limit` activations.

    Parameters wait until they fill a part: so few runs take fewer calls. How the points are cut into parts depends
    on their number and the width alone, so that a run's loss is the same bits in any company.
    """

    def __init__(
        self,
        x: Tensor,  # (points, inputs)
        y: Tensor,  # (seeds, points)
        seed_of: Tensor,  # (runs,) the row of y that is a run's
        width: int,
        activation: Activation,
        loss: LossKind,
        loss_parameter: float | str,
        limit: int,
        room: Room,
    ):
        self._activation, self._loss, self._loss_parameter = activation, loss, loss_parameter
        self._points, self._runs = len(x), len(seed_of)
        at_once = min(padded(len(x)), padded(max(1, limit // width)))  # points of one part
        fit = max(1, limit // (width * at_once))  # runs
        together = in_rows(fit, len(y))  # runs of one group
        self._steps = min(STEPS, max(1, fit // self._runs))
        count = self._steps * self._runs
        self._waiting, _ = room.take("waiting", count, width * (x.shape[1] + 2) + 1)
        self._places = self._waiting.split(self._runs)  # (runs, parameters) each
        self._taken = 0
        columns = torch.cat([x.T, torch.ones_like(x.T[:1])])  # (inputs + 1, points)
        x_parts, y_parts = (
            [
                torch.nn.functional.pad(part, (0, padded(part.shape[1]) - part.shape[1])).contiguous()
                for part in points.split(at_once, 1)
            ]
            for points in (columns, y)
        )
        sizes = [len(part) for part in x.split(at_once)]
        self._together = together
        self._groups = [
            [
                _Part(net, seeds, x_part, y_part, size, width, room)
                for net in (Rows.of(part, x.shape[1], width),)
                for x_part, y_part, size in zip(x_parts, y_parts, sizes, strict=True)
            ]
            for part, seeds in zip(
                self._waiting.split(together), seed_of.repeat(self._steps).split(together), strict=True
            )
        ]

    def add(self, rows: Tensor) -> bool:
        """Let parameters (runs, parameters) wait; return whether no more can."""
        self._places[self._taken].copy_(rows)
        self._taken += 1
        return self._taken == self._steps

    def take(self) -> Tensor:
        """Return the mean losses of what waited, in its order, (steps, runs); nothing waits then."""
        count, self._taken = self._taken * self._runs, 0
        sums = [self._sum(group) for group in self._groups[: -(-count // self._together)]]
        losses = torch.cat(sums)[:count] if sums else self._waiting.new_empty(0)
        return losses.view(-1, self._runs).div_(self._points)

    def _sum(self, parts: Sequence["_Part"]) -> Tensor:
        total = None
        for part in parts:
            torch.sub(part.b2, part.y if part.seeds is None else part.y.index_select(0, part.seeds), out=part.lines)
            run = forward if part.line is None else forward_on_line
            run(part.net, part.x if part.line is None else part.line, self._activation, part.use, part.r)
            losses = self._loss.value(part.flat, self._loss_parameter)
            added = losses.as_strided(*part.layout).sum(1)  # without the padding
            total = added if total is None else total.add_(added)
        assert total is not None
        return total


class _Part:
    """Some runs on a part of the points, and the memory for that."""

    def __init__(self, net: Rows, seeds: Tensor, x: Tensor, y: Tensor, size: int, width: int, room: Room):
        runs, points = len(net.w2), x.shape[1]
        self.net, self.x, self.y = net, x.expand(runs, -1, -1), y
        self.line = x[0] if len(x) == 2 else None  # of one input, (points,)
        self.use = Pass.forward_only(room, runs, width, points)
        self.r, self.flat = room.take("r", runs, 1, points)
        order = torch.arange(runs, device=seeds.device) % len(y)
        in_lines = runs % len(y) == 0 and torch.equal(seeds, order)  # whole lines of all seeds, in their order
        self.seeds = None if in_lines else seeds
        together = len(y) if in_lines else runs
        self.lines = self.r.view(-1, together, points)
        self.b2 = net.b2.squeeze(2).unflatten(0, (-1, together))  # (lines, seeds, 1)
        self.layout = (runs, size), (points, 1)
