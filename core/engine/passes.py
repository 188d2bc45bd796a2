"""Forward and backward of many networks side by side as it trains: a matrix product a run, the run first.

Every product and sum belongs to one run, and its order depends on the sizes of that run only; so a run's bits
are the same whoever trains beside it. Two things see to that: points are padded to `POINTS`, which lets every run's
matrix begin at an address alike, and whatever is done elementwise is done on whole blocks of `BLOCK` numbers,
because torch computes a remainder by other code than the rest. With one hidden unit the products are rows of dot
products, which some processors add up in another order for one run than for several: there nothing is a product.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.catalogue.activations import Activation

#: Memory is handed out in multiples of so many numbers.
BLOCK = 32


def whole(count: int) -> int:
    """Return how many numbers of memory a tensor of `count` takes."""
    return -(-count // BLOCK) * BLOCK


class Room:
    """Working memory by name: one training's chunks use it one after the other, each the beginning of it."""

    def __init__(self, like: Tensor):
        self._like = like
        self._memory: dict[str, Tensor] = {}

    def take(self, name: str, *shape: int) -> tuple[Tensor, Tensor]:
        """Return a tensor of this shape and all of its memory, flat; both hold whatever was left there."""
        count = whole(math.prod(shape))
        if name not in self._memory or len(self._memory[name]) < count:
            self._memory[name] = self._like.new_zeros(count)
        flat = self._memory[name][:count]
        return flat[: math.prod(shape)].view(shape), flat


class Order:
    """Where each parameter stands in a run's row: as in PyTorch, but the first layer input after input."""

    def __init__(self, inputs: int, width: int, device: torch.device):
        count = width * (inputs + 2) + 1
        first = torch.arange(width * inputs).view(width, inputs).T.flatten()
        places = torch.cat([first, torch.arange(width * inputs, count)]).to(device)
        self._places = places if inputs > 1 else None  # of one input: the same order
        self._back = places.argsort()

    def rows(self, parameters: Tensor) -> Tensor:
        """Return parameters (parameters, runs) as (runs, parameters)."""
        return (parameters if self._places is None else parameters[self._places]).T.contiguous()

    def columns(self, rows: Tensor) -> Tensor:
        """Return rows (runs, parameters) as (parameters, runs) in PyTorch's order."""
        return (rows if self._places is None else rows[:, self._back]).T


@dataclass(frozen=True)
class Rows:
    """A tensor (runs, parameters) seen as two layers; writing to one writes to it."""

    hidden: Tensor  # (runs, inputs + 1, hidden): the weights of every input, then the biases
    product: Tensor  # (runs, hidden, inputs + 1) the same
    each: tuple[Tensor, ...]  # (runs, hidden, 1) the same, one by one
    w2: Tensor  # (runs, 1, hidden)
    w2_flat: Tensor  # (runs, hidden) the same
    b2: Tensor  # (runs, 1, 1)

    @classmethod
    def of(cls, rows: Tensor, inputs: int, width: int) -> "Rows":
        """Return the views for a network with this many inputs and hidden units."""
        hidden = rows[:, : width * (inputs + 1)].unflatten(1, (inputs + 1, width))
        product, w2 = hidden.transpose(1, 2), rows[:, -width - 1 : -1]
        return cls(hidden, product, product.split(1, 2), w2.unsqueeze(1), w2, rows[:, -1:].unsqueeze(2))


@dataclass(frozen=True)
class Pass:
    """Memory of one forward and backward pass over a batch of some size."""

    z: Tensor  # (runs, hidden, points)
    a: Tensor  # (runs, hidden, points), the same memory where z is not needed again
    across: Tensor  # (runs, points, hidden): a transposed
    flat: tuple[Tensor, Tensor]  # all memory of z and a
    gx: Tensor  # (runs, inputs + 1, points)
    d: Tensor  # (runs, inputs + 1, hidden)
    each: tuple[Tensor, ...]  # (runs, hidden) the same, one by one
    w2: Tensor  # (runs, 1, hidden)

    @classmethod
    def forward_only(cls, room: Room, runs: int, width: int, points: int) -> "Pass":
        """Return the least memory a forward pass needs: everything happens in one place."""
        z, flat = room.take("z", runs, width, points)
        return cls(z, z, z.transpose(1, 2), (flat, flat), z, z, (), z)

    @classmethod
    def of(cls, room: Room, runs: int, inputs: int, width: int, points: int, keeps_z: bool) -> "Pass":
        """Return the memory for batches of so many points, padding included."""
        z, flat = room.take("z", runs, width, points)
        a, flat_a = room.take("a", runs, width, points) if keeps_z else (z, flat)
        gx, _ = room.take("gx", runs, inputs + 1, points)
        d, _ = room.take("d", runs, inputs + 1, width)
        w2, _ = room.take("w2", runs, 1, width)
        return cls(z, a, a.transpose(1, 2), (flat, flat_a), gx, d, d.unbind(1), w2)


def forward(net: Rows, x: Tensor, activation: Activation, use: Pass, out: Tensor) -> None:
    """Add the predictions, b2 apart, for x (runs, inputs + 1, points) to `out` (runs, 1, points); x ends in ones."""
    if use.z.shape[1] > 1:
        torch.bmm(net.product, x, out=use.z)
    else:
        first, *others = (weight * part for weight, part in zip(net.each, x.split(1, 1), strict=True))
        use.z.copy_(sum(others, first))
    activation.apply(*use.flat)
    _add_output(net, use, out)


def forward_on_line(net: Rows, x: Tensor, activation: Activation, use: Pass, out: Tensor) -> None:
    """Do likewise for one input that all runs share, x (points,): on many points quicker than a matrix product."""
    weight, bias = net.each
    torch.mul(weight, x, out=use.z).add_(bias)
    activation.apply(*use.flat)
    _add_output(net, use, out)


def _add_output(net: Rows, use: Pass, out: Tensor) -> None:
    if use.z.shape[1] > 1:
        out.baddbmm_(net.w2, use.a)
    else:
        out.add_(net.w2 * use.a)


def _over_points(left: Tensor, use: Pass, out: Tensor) -> Tensor:
    """Write left (runs, rows, points) times a, summed over the points, to `out` (runs, rows, hidden)."""
    if out.shape[2] > 1:
        return torch.bmm(left, use.across, out=out)
    return torch.sum(left * use.a, 2, keepdim=True, out=out)


def backward(net: Rows, grads: Rows, x: Tensor, g: Tensor, activation: Activation, use: Pass) -> None:
    """Write to `grads` the gradients for x from g (runs, 1, points), the slope against every prediction.

    With d = Σ g·x·activation′(z): ∂hidden = w2·d; ∂w2 = Σ g·a, which is hidden·d where a = z·activation′(z).
    """
    torch.sum(g, 2, keepdim=True, out=grads.b2)
    torch.mul(x, g, out=use.gx)
    if not activation.homogeneous:
        grads.w2.copy_(_over_points(g, use, use.w2))
    flat_z, flat_a = use.flat
    activation.derivative(flat_z, flat_a, flat_a)  # over a, which is not read again
    _over_points(use.gx, use, use.d)
    torch.mul(use.d, net.w2, out=grads.hidden)
    if activation.homogeneous:
        use.d.mul_(net.hidden)
        first, second, *others = use.each
        torch.add(first, second, out=grads.w2_flat)
        for other in others:
            grads.w2_flat.add_(other)
