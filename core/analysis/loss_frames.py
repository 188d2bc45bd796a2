"""Losses as frames: value and slope against residual and logit, reductions, cross-entropy."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import torch
from torch import Tensor, nn

from core.catalogue.losses import LOSSES
from core.spec.experiment import Loss

#: Residuals and logits are drawn from −REACH to REACH, at this many places.
REACH, LOGITS, PLACES = 2.0, 8.0, 241  # so that 0 and 1 are among them


def slope(loss: Loss, r: Tensor) -> Tensor:
    """Return the slope of a loss at residuals of any shape."""
    return LOSSES[loss.name].slope(r, loss.parameter or 0.0, torch.empty_like(r))


def value(loss: Loss, r: Tensor) -> Tensor:
    """Return the value of a loss at residuals of any shape."""
    return LOSSES[loss.name].value(r, loss.parameter or 0.0)


def axis(reach: float) -> Tensor:
    """Return the places from −reach to reach, 0 exactly."""
    half = PLACES // 2
    return torch.arange(-half, half + 1, dtype=torch.float64) * (reach / half)


def _numbers(values: Tensor) -> list[float]:
    return values.masked_fill(~values.isfinite(), math.nan).tolist()


def residual_frame(losses: Sequence[Loss]) -> pd.DataFrame:
    """Return x, the residual, and value_N and slope_N for each loss N; nan where they are not finite.

    Where there is no value there is no slope, whatever the rules of derivatives give.
    """
    r = axis(REACH)
    columns = {"x": r.tolist()}
    for loss in losses:
        values = value(loss, r)
        columns[f"value_{loss.name}"] = _numbers(values)
        columns[f"slope_{loss.name}"] = _numbers(slope(loss, r).where(values.isfinite(), math.nan))
    return pd.DataFrame(columns)


def logit_frame() -> pd.DataFrame:
    """Return x, the logit, and value_N and slope_N of cross-entropy (bce) and hinge, for a point of class 1."""
    z = axis(LOGITS)
    columns = {"x": z.tolist()}
    soft = nn.functional.softplus(-z)
    for name, values, slopes in (
        ("bce", soft, torch.sigmoid(z) - 1),
        ("hinge", (1 - z).clamp_min(0), -(z < 1).to(z)),
    ):
        columns[f"value_{name}"], columns[f"slope_{name}"] = values.tolist(), slopes.tolist()
    return pd.DataFrame(columns)


def growth(loss: Loss, near: float, far: float) -> float:
    """Return how many times the influence of a nearer residual a residual has under a loss; nan if not at all there."""
    slopes = slope(loss, torch.tensor([near, far], dtype=torch.float64)).abs()
    return (slopes[1] / slopes[0]).item() if slopes[0] > 0 else math.nan


def reductions(residuals: Sequence[float], losses: Sequence[Loss]) -> pd.DataFrame:
    """Return loss, none (a list), sum and mean, as the `reduction` of PyTorch's own losses gives them."""
    prediction, y = torch.tensor(residuals, dtype=torch.float64), torch.zeros(len(residuals), dtype=torch.float64)
    rows = []
    for loss in losses:
        module: Any = LOSSES[loss.name].torch_loss(loss.parameter or 0.0)
        found = {}
        for reduction in ("none", "sum", "mean"):
            module.reduction = reduction
            found[reduction] = module(prediction, y).tolist()
        rows.append({"loss": loss.name, **found})
    return pd.DataFrame(rows)


def lead(logits: Sequence[float], right: int) -> float:
    """Return by how much the right class's logit leads the others together: z − log Σ exp(z_j) over the others.

    Where it is the logit of two classes, cross-entropy and its slope for the right logit are those of all of them.
    """
    others = [z for i, z in enumerate(logits, 1) if i != right]
    return logits[right - 1] - torch.tensor(others, dtype=torch.float64).logsumexp(0).item()


def cross_entropy(logits: Sequence[float], right: int) -> pd.DataFrame:
    """Return logit, softmax, log_softmax and slope of each class, where class `right` (from 1) is the right one."""
    z = torch.tensor(logits, dtype=torch.float64)
    chances = z.softmax(0)
    slopes = chances - nn.functional.one_hot(torch.tensor(right - 1), len(logits))
    columns = {"logit": z, "softmax": chances, "log_softmax": z.log_softmax(0), "slope": slopes}
    return pd.DataFrame({name: column.tolist() for name, column in columns.items()})
