"""Losses of the residual r = prediction − y: value, slope, and the torch class each equals."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from core.expression.parser import parse
from core.expression.tree import OwnLoss

#: value(r, parameter) and slope(r, parameter, out) work elementwise on any shape. The parameter is a number;
#: an own loss has its expression there.
Value = Callable[[Tensor, Any], Tensor]
Slope = Callable[[Tensor, Any, Tensor], Tensor]


@dataclass(frozen=True)
class LossKind:
    """A loss and its slope; `torch_loss(parameter)` makes the module it equals."""

    name: str
    value: Value
    slope: Slope
    torch_loss: Callable[[Any], nn.Module]
    code: str  # the line of PyTorch, {p} being the parameter
    parameter: str | None = None
    default: float | str = 1.0  # of the parameter
    range: tuple[float, float] = (0.001, 100.0)  # of a parameter that is a number
    convex: bool = True
    linear: float = 0.0  # the slope is so many times the residual; 0 where it is not a multiple
    class_code: str = ""  # the class that `code` calls where PyTorch has none, {code} being an own expression
    ladder: tuple[float, ...] = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)  # the choices offered of a parameter that is a number
    paper: str = ""  # where it was published, if anywhere


class LogCosh(nn.Module):
    """mean(log cosh(prediction − y)), which PyTorch lacks; softplus keeps it from overflowing."""

    def forward(self, prediction: Tensor, y: Tensor) -> Tensor:
        """Return the mean over all entries."""
        return _log_cosh(prediction - y, 0).mean()


class Quantile(nn.Module):
    """mean(max(−τ·r, (1 − τ)·r)), which PyTorch lacks: least where a share τ of the targets lies below."""

    def __init__(self, tau: float):
        super().__init__()
        self.tau = tau

    def forward(self, prediction: Tensor, y: Tensor) -> Tensor:
        """Return the mean over all entries."""
        return _quantile(prediction - y, self.tau).mean()


def _quantile(r: Tensor, tau: float) -> Tensor:
    return torch.maximum(-tau * r, (1 - tau) * r)


def _log_cosh(r: Tensor, _: float) -> Tensor:
    return nn.functional.softplus(-2 * r.abs(), threshold=1e4) + r.abs() - math.log(2)


def _smooth_l1(r: Tensor, beta: float) -> Tensor:
    size = r.abs()
    return torch.where(size < beta, r * r * (0.5 / beta), size - beta / 2)


def _huber(r: Tensor, delta: float) -> Tensor:
    size = r.abs()
    return torch.where(size < delta, r * r * 0.5, delta * (size - delta / 2))


#: The classes above, and one for an own expression, as scripts have them.
_LOG_COSH_CODE = """\
class LogCosh(nn.Module):
    def forward(self, prediction, y):
        r = (prediction - y).abs()
        soft = nn.functional.softplus(-2 * r, threshold=1e4)
        return (soft + r - math.log(2)).mean()"""
_QUANTILE_CODE = """\
class Quantile(nn.Module):
    def __init__(self, tau):
        super().__init__()
        self.tau = tau

    def forward(self, prediction, y):
        r = prediction - y
        return torch.maximum(-self.tau * r, (1 - self.tau) * r).mean()"""
_OWN_CODE = """\
class OwnLoss(nn.Module):
    def forward(self, prediction, y):
        r = prediction - y
        return ({code}).mean()"""

LOSSES: dict[str, LossKind] = {
    k.name: k
    for k in (
        LossKind(
            "mse",
            lambda r, _: r * r,
            lambda r, _, out: torch.add(r, r, out=out),
            lambda _: nn.MSELoss(),
            "nn.MSELoss()",
            linear=2.0,
        ),
        LossKind(
            "l1",
            lambda r, _: r.abs(),
            lambda r, _, out: torch.sign(r, out=out),
            lambda _: nn.L1Loss(),
            "nn.L1Loss()",
        ),
        LossKind(
            "smooth_l1",
            _smooth_l1,
            lambda r, p, out: torch.div(r, p, out=out).clamp_(-1, 1),
            lambda p: nn.SmoothL1Loss(beta=p),
            "nn.SmoothL1Loss(beta={p})",
            parameter="beta",
            paper="Girshick, Fast R-CNN, 2015",
        ),
        LossKind(
            "huber",
            _huber,
            lambda r, p, out: torch.clamp(r, -p, p, out=out),
            lambda p: nn.HuberLoss(delta=p),
            "nn.HuberLoss(delta={p})",
            parameter="delta",
            paper="Huber, Robust Estimation of a Location Parameter, 1964",
        ),
        LossKind(
            "log_cosh",
            _log_cosh,
            lambda r, _, out: torch.tanh(r, out=out),
            lambda _: LogCosh(),
            "LogCosh()",
            class_code=_LOG_COSH_CODE,
        ),
        LossKind(
            "quantile",
            _quantile,
            lambda r, p, out: torch.sign(r, out=out).mul_(0.5).add_(0.5 - p),
            Quantile,
            "Quantile({p})",
            parameter="tau",
            default=0.9,
            range=(0.01, 0.99),
            class_code=_QUANTILE_CODE,
            ladder=(0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95),
            paper="Koenker and Bassett, Regression Quantiles, 1978",
        ),
        LossKind(
            "own",
            lambda r, text: parse(text).value(r),
            lambda r, text, out: out.copy_(parse(text).slope(r)),
            lambda text: OwnLoss(parse(text)),
            "OwnLoss()",
            parameter="expression",
            default="log(1 + (5*r)**2)",
            class_code=_OWN_CODE,
            convex=False,
        ),
    )
}


#: Constants tried at first, and in each of the rounds that close in on the best of them.
_GRID, _ROUND, _ROUNDS = 65, 9, 5


#: Residuals taken at once, which bounds memory.
_AT_ONCE = 100_000


def best_constant(y: Tensor, kind: LossKind, parameter: Any) -> Tensor:
    """Return the least mean loss that one constant prediction reaches, for each column of y.

    Of a convex loss by bisection on the sign of the mean slope, between the extremes of y. Else on a grid
    from one range of y below its least to one above its greatest, refined around the best; infinite where
    the loss is finite nowhere there.
    """
    parts = y.split(max(1, _AT_ONCE // len(y)), 1)
    return torch.cat([_best_constant(part.contiguous(), kind, parameter) for part in parts])


def _best_constant(y: Tensor, kind: LossKind, parameter: Any) -> Tensor:
    low, high = y.amin(0), y.amax(0)  # (seeds,)
    if not kind.convex:
        return _least_on_grid(y, low, high, kind, parameter)
    for _ in range(40):
        middle = (low + high) / 2
        rising = kind.slope(middle - y, parameter, torch.empty_like(y)).sum(0) > 0
        low, high = torch.where(rising, low, middle), torch.where(rising, middle, high)
    return kind.value(low - y, parameter).mean(0)  # (seeds,)


def _least_on_grid(y: Tensor, low: Tensor, high: Tensor, kind: LossKind, parameter: Any) -> Tensor:
    low, high = 2 * low - high, 2 * high - low  # (seeds,)
    least = torch.full_like(low, math.inf)
    for count in (_GRID, *(_ROUND,) * _ROUNDS):
        tried = [low + (high - low) * (i / (count - 1)) for i in range(count)]
        losses = torch.stack([kind.value(c - y, parameter).mean(0).nan_to_num(math.inf) for c in tried])
        found, at = losses.min(0)  # (seeds,)
        least = torch.minimum(least, found)
        best, gap = torch.stack(tried).gather(0, at.unsqueeze(0))[0], (high - low) / (count - 1)
        low, high = best - gap, best + gap
    return least
