"""The gradient matrix: back-propagated at every snapshot of a run, and one of its cells by finite difference.

Everything is in float64.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.losses import LOSSES
from core.engine import network
from core.engine.history import History
from core.engine.network import Buffers, Layers
from core.engine.start import draw, draw_order
from core.spec.experiment import Experiment

#: Networks evaluated at once, for the sake of memory.
_AT_ONCE = 16


@dataclass(frozen=True)
class Points:
    """Data a loss is taken over: x (inputs, points), y (points,), float64."""

    x: Tensor
    y: Tensor


def _pass(e: Experiment, parameters: Tensor, points: Points) -> tuple[Layers, Buffers, Tensor]:
    """Return what a forward pass of networks (parameters, runs) leaves, and the residuals (points, runs)."""
    kind = ACTIVATIONS[e.activation]
    net = Layers.of(parameters, len(points.x), e.width)
    shape = (e.width, len(points.y), parameters.shape[1])
    use = Buffers.of(shape, parameters, kind.needs_z)
    r = torch.empty(shape[1:], dtype=parameters.dtype)
    network.forward(net, points.x.unsqueeze(-1).unbind(), kind, use, r).sub_(points.y.unsqueeze(-1))
    return net, use, r


def losses(e: Experiment, parameters: Tensor, points: Points) -> Tensor:
    """Return the mean loss of networks (parameters, runs) over the points, (runs,)."""
    parts = []
    for part in parameters.split(_AT_ONCE, 1):
        *_, r = _pass(e, part.contiguous(), points)
        parts.append(LOSSES[e.loss.name].value(r, e.loss.parameter or 0.0).mean(0))
    return torch.cat(parts)


def gradients(e: Experiment, parameters: Tensor, points: Points) -> Tensor:
    """Return the gradients of `losses`, (parameters, runs), by back-propagation."""
    parts = []
    for part in parameters.split(_AT_ONCE, 1):
        net, use, r = _pass(e, part.contiguous(), points)
        LOSSES[e.loss.name].slope(r, e.loss.parameter or 0.0, use.g).div_(len(points.y))
        found = torch.empty_like(part)
        grads = Layers.of(found, len(points.x), e.width)
        network.backward(net, grads, points.x.unsqueeze(-1).unbind(), ACTIVATIONS[e.activation], use)
        parts.append(found)
    return torch.cat(parts, 1)


def along(e: Experiment, parameters: Tensor, index: int, values: Tensor, points: Points) -> Tensor:
    """Return the loss with one of the parameters (parameters,) at each of these values, all others as they are."""
    networks = parameters.unsqueeze(1).repeat(1, len(values))
    networks[index] = values
    return losses(e, networks, points)


def finite_difference(e: Experiment, parameters: Tensor, index: int, eps: Tensor, points: Points) -> Tensor:
    """Return (L(θ + ε) − L(θ − ε)) / 2ε for each ε."""
    at = parameters[index]
    above, below = along(e, parameters, index, torch.cat([at + eps, at - eps]), points).chunk(2)
    return (above - below) / (2 * eps)


@dataclass(frozen=True)
class Matrices:
    """The parameters and gradients of one run at its snapshots."""

    experiment: Experiment
    steps: tuple[int, ...]
    weights: Tensor  # (parameters, snapshots)
    gradients: Tensor  # (parameters, snapshots)
    points: tuple[Points, ...]  # what each gradient is of
    size: int  # how many points of it there are at most

    def at(self, step: int) -> int:
        """Return which snapshot stands for a step: the last one that is not after it."""
        return sum(s <= step for s in self.steps) - 1


def matrices(history: History, of_all: bool) -> Matrices:
    """Return the gradients of a history's first run, of all points or of each snapshot's next mini-batch."""
    e = history.experiment
    weights = history.snapshots[:, :, 0].T.double().contiguous()  # (parameters, snapshots)
    if of_all:
        everything = Points(history.x.double().T.contiguous(), history.targets(0).double())
        points: Sequence[Points] = (everything,) * len(history.snapshot_steps)
        found = gradients(e, weights, everything)
    else:
        points = next_batches(e, history.snapshot_steps)
        columns = [gradients(e, weights[:, k : k + 1], p) for k, p in enumerate(points)]
        found = torch.cat(columns, 1)
    size = e.points if of_all else e.batch_sizes[0]
    return Matrices(e, history.snapshot_steps, weights, found, tuple(points), size)


def next_batches(e: Experiment, steps: Sequence[int]) -> list[Points]:
    """Return the mini-batch that seed 0 trains on right after each of these steps, rising."""
    start = draw(e)
    x, y = start.x.double().T.contiguous(), start.y[:, 0].double()
    found: list[Points] = []
    count = len(e.batch_sizes)
    for epoch in range(e.epochs + 1):  # one more: after the last step comes the batch that would be next
        batches = draw_order(start)[:, 0].split(e.batch_sizes)
        found += [Points(x[:, batches[s % count]], y[batches[s % count]]) for s in steps if s // count == epoch]
    return found
