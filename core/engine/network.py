"""The one-hidden-layer network, many runs side by side: initial weights, forward, backward by hand.

Parameters are one tensor (parameters, runs), its rows in the order of
`nn.Sequential(nn.Linear(inputs, width), activation, nn.Linear(width, 1)).parameters()`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.catalogue.activations import ACTIVATIONS, Activation


def draw_parameters(inputs: int, width: int, generator: torch.Generator) -> Tensor:
    """Return initial parameters (parameters,) float32, drawn as the two `nn.Linear` draw them."""
    layers = [draw_linear(inputs, width, generator), draw_linear(width, 1, generator)]
    return torch.cat([part.flatten() for layer in layers for part in layer])


def draw_linear(inputs: int, outputs: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return weight (outputs, inputs) and bias (outputs,) float32, drawn as `nn.Linear` draws them."""
    weight, bias = torch.empty(outputs, inputs), torch.empty(outputs)
    nn.init.kaiming_uniform_(weight, a=math.sqrt(5), generator=generator)
    bound = 1 / math.sqrt(inputs)
    nn.init.uniform_(bias, -bound, bound, generator=generator)
    return weight, bias


@dataclass(frozen=True)
class Layers:
    """A tensor (parameters, runs) seen as the weights of the two layers; writing to one writes to it."""

    w1: tuple[Tensor, ...]  # one (hidden, runs) for each input
    b1: Tensor  # (hidden, runs)
    w2: Tensor  # (hidden, runs)
    b2: Tensor  # (runs,)
    hidden: Tensor  # (hidden, inputs, runs) all of w1
    over_batch: tuple[Tensor, ...]  # b1, w2, then w1 of each input, with an axis for the batch

    @classmethod
    def of(cls, parameters: Tensor, inputs: int, width: int) -> "Layers":
        """Return the views for a network with this many inputs and hidden units."""
        end = width * inputs
        hidden = parameters[:end].unflatten(0, (width, inputs))
        w1, (b1, w2) = hidden.unbind(1), parameters[end : end + 2 * width].split(width)
        over_batch = tuple(t.unsqueeze(1) for t in (b1, w2, *w1))
        return cls(w1, b1, w2, parameters[-1], hidden, over_batch)


@dataclass(frozen=True)
class Buffers:
    """Memory of one forward and backward pass over a batch, reused for every batch of its size."""

    z: Tensor  # (hidden, batch, runs), also the activations where the backward does not need z
    a: Tensor  # (hidden, batch, runs)
    work: Tensor  # (hidden, batch, runs)
    g: Tensor  # (batch, runs), room for the slope of the mean loss against the prediction

    @classmethod
    def of(cls, shape: tuple[int, int, int], like: Tensor, keeps_z: bool) -> "Buffers":
        """Return buffers for activations of this shape, with the dtype and device of `like`."""
        z, work = like.new_empty(shape), like.new_empty(shape)
        a = torch.empty_like(z) if keeps_z else z
        return cls(z, a, work, like.new_empty(shape[1:]))

    @classmethod
    def forward_only(cls, shape: tuple[int, int, int], like: Tensor) -> "Buffers":
        """Return the least memory a forward pass needs: everything happens in one place."""
        z = like.new_empty(shape)
        return cls(z, z, z, like.new_empty(shape[1:]))


def forward(net: Layers, x: Sequence[Tensor], activation: Activation, use: Buffers, out: Tensor) -> Tensor:
    """Write the predictions (batch, runs) for x, one (batch, 1 or runs) an input, to `out`.

    prediction = Σ_h w2·activation(Σ_i w1·xᵢ + b1) + b2; `use` keeps z and the activations.
    """
    b1, w2, *w1 = net.over_batch
    torch.addcmul(b1, w1[0], x[0], out=use.z)  # (hidden, batch, runs)
    for w, x_i in zip(w1[1:], x[1:], strict=True):
        use.z.addcmul_(w, x_i)
    activation.apply(use.z, use.a)
    torch.mul(use.a, w2, out=use.work)
    return torch.sum(use.work, 0, out=out).add_(net.b2)  # (batch, runs)


def backward(net: Layers, grads: Layers, x: Sequence[Tensor], activation: Activation, use: Buffers) -> None:
    """Write to `grads` the gradients for x, one (batch, 1 or runs) an input, from `use` after `forward`.

    With d = g·activation′(z): ∂b1 = w2·Σd, ∂w1ᵢ = w2·Σd·xᵢ; w2 stands outside the sums over the batch.
    ∂w2 = Σ g·a, which is w1·Σd·x + b1·Σd where a = z·activation′(z).
    """
    torch.sum(use.g, 0, out=grads.b2)
    if not activation.homogeneous:
        torch.mul(use.a, use.g, out=use.work)
        torch.sum(use.work, 1, out=grads.w2)
    # d lies over a, which is not read again: in place is faster
    d = activation.derivative(use.z, use.a, use.a).mul_(use.g)  # (hidden, batch, runs)
    torch.sum(d, 1, out=grads.b1)
    for w, x_i in zip(grads.w1[1:], x[1:], strict=True):
        torch.mul(d, x_i, out=use.work)
        torch.sum(use.work, 1, out=w)
    d.mul_(x[0])
    torch.sum(d, 1, out=grads.w1[0])
    if activation.homogeneous:
        torch.mul(net.b1, grads.b1, out=grads.w2)
        for w, sums in zip(net.w1, grads.w1, strict=True):
            grads.w2.addcmul_(w, sums)
    grads.b1.mul_(net.w2)
    grads.hidden.mul_(net.over_batch[1])


#: Activations that `predict` takes at once, which bounds memory.
_AT_ONCE = 1_000_000


@torch.inference_mode()
def predict(parameters: Tensor, x: Tensor, width: int, activation: str) -> Tensor:
    """Return predictions (points, runs) of parameters (parameters, runs) for x (points, inputs)."""
    kind, columns = ACTIVATIONS[activation], x.T.unsqueeze(-1).to(parameters).unbind()
    out = []
    for part in parameters.split(max(1, _AT_ONCE // (width * len(x))), 1):
        net = Layers.of(part.contiguous(), x.shape[1], width)
        use = Buffers.forward_only((width, len(x), part.shape[1]), parameters)
        out.append(forward(net, columns, kind, use, use.g))
    return torch.cat(out, 1)
