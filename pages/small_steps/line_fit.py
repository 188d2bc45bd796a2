"""A straight line fitted to three data sets: one it can fit exactly, one it cannot, one that is noisy."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.catalogue.row import Row
from core.engine.rule import Rule, update

CASES = ("exact", "bent", "noisy")
POINTS, STEPS, RATE = 20, 100, 0.3
HELD_OUT = 1000
#: The line that the exact and the noisy points come from, y = slope·x + height.
SLOPE, HEIGHT = 0.8, 0.3


@dataclass(frozen=True)
class LineFits:
    """A line trained on each case by full-batch SGD in float32, losses in float64."""

    x: Tensor  # (points,)
    y: Tensor  # (points, cases)
    held_x: Tensor  # (held-out points,)
    held_y: Tensor  # (held-out points,) of the noisy case
    lines: Tensor  # (steps + 1, 2, cases) slope and height
    loss: Tensor  # (steps + 1, cases) on the points trained on
    held_loss: Tensor  # (steps + 1,) of the noisy case on the held-out points
    best: Tensor  # (cases,) loss of the best line there is, by least squares

    @property
    def nbytes(self) -> int:
        """The memory its tensors take."""
        return sum(t.nbytes for t in vars(self).values())


def least_squares_loss(x: Tensor, y: Tensor) -> Tensor:
    """Return the mean squared residual of the best line through x (points,) and each column of y."""
    design = torch.stack((x, torch.ones_like(x)), 1)  # (points, 2)
    solution = torch.linalg.lstsq(design, y).solution  # (2, cases)
    return (design @ solution - y).square().mean(0)


def line_losses(lines: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Return the MSE of lines (…, 2, cases) on x (points,) and y (points, cases), in float64."""
    slope, height = lines.double().unsqueeze(-3).unbind(-2)  # (…, 1, cases)
    prediction = slope * x.double().unsqueeze(-1) + height  # (…, points, cases)
    return (prediction - y.double()).square().mean(-2)


def fit_lines(noise: float, dtype: torch.dtype = torch.float32) -> LineFits:
    """Train a line from slope 0, height 0 on every case; noise and held-out noise have generators of their own."""
    x, held_x = torch.linspace(-1, 1, POINTS), torch.linspace(-1, 1, HELD_OUT)
    line, held_line = SLOPE * x + HEIGHT, SLOPE * held_x + HEIGHT
    noisy = line + noise * torch.randn(POINTS, generator=torch.Generator().manual_seed(0))
    held_y = held_line + noise * torch.randn(HELD_OUT, generator=torch.Generator().manual_seed(1))
    y = torch.stack((line, x * x, noisy), 1)  # (points, cases)
    lines = _descend(x.to(dtype), y.to(dtype))
    return LineFits(
        x=x,
        y=y,
        held_x=held_x,
        held_y=held_y,
        lines=lines,
        loss=line_losses(lines, x, y),
        held_loss=line_losses(lines[..., 2:], held_x, held_y.unsqueeze(1))[:, 0],
        best=least_squares_loss(x.double(), y.double()),
    )


def _descend(x: Tensor, y: Tensor) -> Tensor:
    """Return the lines (steps + 1, 2, cases) of SGD on all points from zero, ∂MSE = 2·mean(r·x), 2·mean(r)."""
    cases = y.shape[1]
    line = y.new_zeros(2, cases)
    rule = Rule([Row()] * cases, [RATE] * cases, y.dtype, y.device)
    state = rule.start(line)
    kept = [line.clone()]
    for now in rule.steps(1, STEPS):
        residual = x.unsqueeze(1) * line[0] + line[1] - y  # (points, cases)
        gradient = 2 * torch.stack(((residual * x.unsqueeze(1)).mean(0), residual.mean(0)))
        update(line, gradient, state, now)
        kept.append(line.clone())
    return torch.stack(kept)
