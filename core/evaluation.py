"""The loss on all points, for a group of runs in training."""

import torch
from torch import Tensor

from core import network
from core.losses import LossKind
from core.network import Activation, Buffers, Layers


class FullLoss:
    """Evaluates the loss of some runs on all points, in parts of at most `limit` activations.

    The points are the last axis here, unlike in training: few runs would make rows too short for the processor.
    """

    def __init__(
        self,
        x: Tensor,  # (points, inputs)
        y: Tensor,  # (points, 1 or runs)
        parameters: Tensor,  # (parameters, runs), the ones that training changes in place
        width: int,
        activation: Activation,
        loss: LossKind,
        loss_parameter: float | str,
        limit: int,
    ):
        self._activation, self._loss, self._loss_parameter = activation, loss, loss_parameter
        self._x, self._y = x.T.contiguous(), y.T.contiguous()  # (inputs, points), (1 or runs, points)
        self._points = min(len(x), max(1, limit // width))  # of one part
        size = max(1, limit // (width * self._points))  # runs of one part
        self._groups = [
            (slice(i, i + part.shape[1]), Layers.of(part, x.shape[1], width, batch_axis=2))
            for i, part in zip(range(0, parameters.shape[1], size), parameters.split(size, 1), strict=True)
        ]
        shapes = {
            (g.b1.shape[1], p) for _, g in self._groups for p in {self._points, len(x) % self._points or self._points}
        }
        self._buffers = {s: Buffers.forward_only((width, *s), parameters) for s in shapes}

    def __call__(self) -> Tensor:
        """Return the mean loss of every run, (runs,)."""
        return torch.cat([self._of_group(columns, net) for columns, net in self._groups])

    def _of_group(self, columns: slice, net: Layers) -> Tensor:
        y = self._y if len(self._y) == 1 else self._y[columns]  # (1 or runs, points)
        total: Tensor | float = 0.0
        parts = zip(self._x.split(self._points, 1), y.split(self._points, 1), strict=True)
        for x_part, y_part in parts:
            use = self._buffers[net.b1.shape[1], x_part.shape[1]]
            r = network.forward(net, x_part.unbind(), self._activation, use, use.g).sub_(y_part)  # (runs, points)
            total = total + self._loss.value(r, self._loss_parameter).sum(-1)
        return torch.as_tensor(total) / self._x.shape[1]
