"""Losses of the residual r = prediction − y: value, slope, and the torch class each equals."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

#: value(r, parameter) and slope(r, parameter, out) work elementwise on any shape.
Value = Callable[[Tensor, float], Tensor]
Slope = Callable[[Tensor, float, Tensor], Tensor]


@dataclass(frozen=True)
class LossKind:
    """A loss and its slope; `torch_loss(parameter)` makes the module it equals."""

    name: str
    formula: str  # LaTeX, of the residual r
    value: Value
    slope: Slope
    torch_loss: Callable[[float], nn.Module]
    code: str  # the line of PyTorch, {p} being the parameter
    parameter: str | None = None


class LogCosh(nn.Module):
    """mean(log cosh(prediction − y)), which PyTorch lacks; softplus keeps it from overflowing."""

    def forward(self, prediction: Tensor, y: Tensor) -> Tensor:
        """Return the mean over all entries."""
        return _log_cosh(prediction - y, 0).mean()


def _log_cosh(r: Tensor, _: float) -> Tensor:
    return nn.functional.softplus(-2 * r.abs(), threshold=1e4) + r.abs() - math.log(2)


def _smooth_l1(r: Tensor, beta: float) -> Tensor:
    size = r.abs()
    return torch.where(size < beta, r * r * (0.5 / beta), size - beta / 2)


def _huber(r: Tensor, delta: float) -> Tensor:
    size = r.abs()
    return torch.where(size < delta, r * r * 0.5, delta * (size - delta / 2))


LOSSES: dict[str, LossKind] = {
    k.name: k
    for k in (
        LossKind(
            "mse",
            r"r^2",
            lambda r, _: r * r,
            lambda r, _, out: torch.add(r, r, out=out),
            lambda _: nn.MSELoss(),
            "nn.MSELoss()",
        ),
        LossKind(
            "l1",
            r"|r|",
            lambda r, _: r.abs(),
            lambda r, _, out: torch.sign(r, out=out),
            lambda _: nn.L1Loss(),
            "nn.L1Loss()",
        ),
        LossKind(
            "smooth_l1",
            r"\tfrac{r^2}{2\beta}\ \text{if}\ |r|<\beta,\ \text{else}\ |r|-\tfrac{\beta}{2}",
            _smooth_l1,
            lambda r, p, out: torch.div(r, p, out=out).clamp_(-1, 1),
            lambda p: nn.SmoothL1Loss(beta=p),
            "nn.SmoothL1Loss(beta={p})",
            parameter="beta",
        ),
        LossKind(
            "huber",
            r"\tfrac{r^2}{2}\ \text{if}\ |r|<\delta,\ \text{else}\ \delta(|r|-\tfrac{\delta}{2})",
            _huber,
            lambda r, p, out: torch.clamp(r, -p, p, out=out),
            lambda p: nn.HuberLoss(delta=p),
            "nn.HuberLoss(delta={p})",
            parameter="delta",
        ),
        LossKind(
            "log_cosh",
            r"\log\cosh r",
            _log_cosh,
            lambda r, _, out: torch.tanh(r, out=out),
            lambda _: LogCosh(),
            "LogCosh()",
        ),
    )
}


def best_constant(y: Tensor, kind: LossKind, parameter: float) -> Tensor:
    """Return the least mean loss that one constant prediction reaches, for each column of y.

    Bisection on the sign of the mean slope, between the extremes of y: every loss here is convex.
    """
    low, high = y.amin(0), y.amax(0)  # (seeds,)
    for _ in range(40):
        middle = (low + high) / 2
        rising = kind.slope(middle - y, parameter, torch.empty_like(y)).sum(0) > 0
        low, high = torch.where(rising, low, middle), torch.where(rising, middle, high)
    return kind.value(low - y, parameter).mean(0)  # (seeds,)
