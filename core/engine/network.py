"""The one-hidden-layer network, many runs side by side: initial weights, forward, backward by hand.

Parameters are one tensor (parameters, runs), its rows in the order of
`nn.Sequential(nn.Linear(inputs, width), activation, nn.Linear(width, 1)).parameters()`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

aten = torch.ops.aten
#: As tensors: on few runs a Python number costs more than the operation it is for.
ZERO, ONE = torch.zeros(()), torch.ones(())


@dataclass(frozen=True)
class Activation:
    """A non-linear function, its torch module, and activation′(z) in one pass, all elementwise on any shape.

    Unless `needs_z`, `apply(z, out)` is given z itself as `out`, and `derivative(z, a, out)` may read only a; a may
    itself be `out`. `homogeneous`: a = z·activation′(z), which lets the gradient of the output weights reuse the
    sums taken for the hidden ones.
    """

    name: str
    formula: str  # LaTeX, of z
    slope: str  # LaTeX of its derivative, in terms that are cheap once a = activation(z) is known
    module: Callable[[], nn.Module]
    code: str
    apply: Callable[[Tensor, Tensor], Tensor]
    derivative: Callable[[Tensor, Tensor, Tensor], Tensor]
    needs_z: bool = False
    homogeneous: bool = False
    cost: tuple[int, int] = (1, 2)  # of one activation forward, and forward and backward, in units of `core.spec.cost`


def _normal_cdf(z: Tensor) -> Tensor:
    return torch.erf(z * 0.5**0.5).add_(1).mul_(0.5)


def _gelu_derivative(z: Tensor, _: Tensor, out: Tensor) -> Tensor:
    density = torch.mul(z, z, out=out).mul_(-0.5).exp_().mul_((2 * math.pi) ** -0.5)
    return density.mul_(z).add_(_normal_cdf(z))


ACTIVATIONS: dict[str, Activation] = {
    a.name: a
    for a in (
        Activation(
            "relu",
            r"\max(0,\,z)",
            r"[a>0]",
            nn.ReLU,
            "nn.ReLU()",
            lambda z, out: z.relu_(),
            lambda z, a, out: torch.gt(a, ZERO, out=out),  # 1 where a > 0
            homogeneous=True,
        ),
        Activation(
            "leaky_relu",
            r"\max(0.01\,z,\,z)",
            r"[a>0]+0.01\,[a\le 0]",
            nn.LeakyReLU,
            "nn.LeakyReLU()",
            lambda z, out: aten.leaky_relu.out(z, 0.01, out=out),
            lambda z, a, out: aten.leaky_relu_backward.grad_input(ONE, a, 0.01, True, grad_input=out),
            homogeneous=True,
        ),
        Activation(
            "tanh",
            r"\tanh z",
            r"1-a^2",
            nn.Tanh,
            "nn.Tanh()",
            lambda z, out: torch.tanh(z, out=out),
            lambda z, a, out: aten.tanh_backward.grad_input(ONE, a, grad_input=out),
            cost=(5, 6),
        ),
        Activation(
            "sigmoid",
            r"\frac{1}{1+e^{-z}}",
            r"a\,(1-a)",
            nn.Sigmoid,
            "nn.Sigmoid()",
            lambda z, out: torch.sigmoid(z, out=out),
            lambda z, a, out: aten.sigmoid_backward.grad_input(ONE, a, grad_input=out),
            cost=(2, 4),
        ),
        Activation(
            "gelu",
            r"z\,\Phi(z)",
            r"\Phi(z)+z\,\varphi(z)",
            nn.GELU,
            "nn.GELU()",
            lambda z, out: torch.mul(z, _normal_cdf(z), out=out),
            _gelu_derivative,
            needs_z=True,
            cost=(5, 14),
        ),
        Activation(
            "silu",
            r"z\,s,\quad s=\tfrac{1}{1+e^{-z}}",
            r"s\,(1+z-a)",
            nn.SiLU,
            "nn.SiLU()",
            lambda z, out: aten.silu.out(z, out=out),
            lambda z, a, out: aten.silu_backward.grad_input(ONE, z, grad_input=out),
            needs_z=True,
            cost=(2, 5),
        ),
        Activation(
            "identity",
            "z",
            "1",
            nn.Identity,
            "nn.Identity()",
            lambda z, out: z,
            lambda z, a, out: out.fill_(1),
            homogeneous=True,
        ),
    )
}


def parameter_count(inputs: int, width: int) -> int:
    """Return the number of parameters: hidden weights and biases, output weights and bias."""
    return width * inputs + 2 * width + 1


def draw_parameters(inputs: int, width: int, generator: torch.Generator) -> Tensor:
    """Return initial parameters (parameters,) float32, drawn as the two `nn.Linear` draw them."""
    drawn = []
    for fan_in, fan_out in ((inputs, width), (width, 1)):
        weight, bias = torch.empty(fan_out, fan_in), torch.empty(fan_out)
        nn.init.kaiming_uniform_(weight, a=math.sqrt(5), generator=generator)
        bound = 1 / math.sqrt(fan_in)
        nn.init.uniform_(bias, -bound, bound, generator=generator)
        drawn += [weight.flatten(), bias]
    return torch.cat(drawn)


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
