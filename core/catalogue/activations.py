"""Activations: a non-linear function, its derivative, and the torch module that it equals."""

import math
from collections.abc import Callable
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
    from_value: str  # Python of the derivative as quickly as a and z give it, the derivative last
    from_input: str  # the same where a has been forgotten
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
            from_value="a > 0",
            from_input="z > 0",
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
            from_value="where(a > 0, 1, 0.01)",
            from_input="where(z > 0, 1, 0.01)",
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
            from_value="1 - a * a",
            from_input="t = tanh(z); 1 - t * t",
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
            from_value="a * (1 - a)",
            from_input="s = 1 / (1 + exp(-z)); s * (1 - s)",
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
            from_value="(1 + erf(z / sqrt(2))) / 2 + z * exp(-z * z / 2) / sqrt(2 * pi)",
            from_input="(1 + erf(z / sqrt(2))) / 2 + z * exp(-z * z / 2) / sqrt(2 * pi)",
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
            from_value="s = 1 / (1 + exp(-z)); s * (1 + z - a)",
            from_input="s = 1 / (1 + exp(-z)); s * (1 + z - z * s)",
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
            from_value="1",
            from_input="1",
        ),
    )
}
