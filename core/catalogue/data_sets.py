"""Seeded data sets: fixed inputs, a true curve or surface, normal noise, optional outliers."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class DataSet:
    """A true function of x, shape (points, inputs), and the same as a line of PyTorch."""

    name: str
    inputs: int
    truth: Callable[[Tensor], Tensor]
    code: str  # of x, whose columns are x[:, 0] and, with two inputs, x[:, 1]


DATA_SETS: dict[str, DataSet] = {
    d.name: d
    for d in (
        DataSet("parabola", 1, lambda x: x[:, 0] ** 2, "x[:, 0] ** 2"),
        DataSet("sine", 1, lambda x: torch.sin(math.pi * x[:, 0]), "torch.sin(math.pi * x[:, 0])"),
        DataSet("step", 1, lambda x: (x[:, 0] > 0).to(x), "(x[:, 0] > 0).float()"),
        DataSet("absolute", 1, lambda x: x[:, 0].abs(), "x[:, 0].abs()"),
        DataSet("bump", 1, lambda x: torch.exp(-16 * x[:, 0] ** 2), "torch.exp(-16 * x[:, 0] ** 2)"),
        DataSet("saddle", 2, lambda x: x[:, 0] * x[:, 1], "x[:, 0] * x[:, 1]"),
        DataSet(
            "ripple",
            2,
            lambda x: torch.cos(4 * x.square().sum(1).sqrt()),
            "torch.cos(4 * x.square().sum(1).sqrt())",
        ),
    )
}

#: The data sets that can be drawn as a curve.
ONE_INPUT = tuple(d.name for d in DATA_SETS.values() if d.inputs == 1)

#: Steps of the additive sequence that spreads points evenly over the square (Roberts, 2018):
#: 1/g and 1/g² with g the real root of g³ = g + 1.
SPREAD = (0.7548776662466927, 0.5698402909980532)


def inputs(data: str, points: int) -> Tensor:
    """Return the inputs, (points, inputs) float32: evenly spaced, or evenly spread over a square."""
    if DATA_SETS[data].inputs == 1:
        return torch.linspace(-1, 1, points).unsqueeze(1)
    i = torch.arange(1, points + 1, dtype=torch.float64)
    columns = [2 * ((0.5 + i * s) % 1) - 1 for s in SPREAD]
    return torch.stack(columns, 1).float()


def draw_targets(data: str, x: Tensor, noise: float, share: float, size: float, generator: torch.Generator) -> Tensor:
    """Return y = truth(x) + noise·ε, (points,) float32, drawn from the seed's own generator.

    With outliers, a `share` of the points, drawn after the noise, is shifted by `size`.
    """
    points = len(x)
    y = DATA_SETS[data].truth(x) + noise * torch.randn(points, generator=generator)
    if share and size:
        chosen = torch.randperm(points, generator=generator)[: round(share * points)]
        y[chosen] += size
    return y
