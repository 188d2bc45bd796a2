"""Logistic regression: two classes on the plane, and the weights of the line between them."""

import math
from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor, nn

from core.engine.walks import Walk, names, walk
from core.spec.checks import number, whole

#: Weights of x₁ and x₂, and the bias.
WEIGHTS = ("w1", "w2", "b")


@dataclass(frozen=True)
class Logistic:
    """Two normal clouds of σ = 1, and who learns to tell them apart; ValueError as `core.spec.checks` raises it."""

    gap: float = 2.5  # between the centres of the clouds
    points: int = 200  # both classes together
    seed: int = 0
    optimizers: tuple[str, ...] = ("SGD", "Adam")
    rate: float = 0.1
    steps: int = 120

    def __post_init__(self) -> None:
        object.__setattr__(self, "gap", number("gap", self.gap, 0, 10))
        whole("points", self.points, 10, 2000)
        whole("seed", self.seed, 0, 10**6)
        object.__setattr__(self, "optimizers", names("optimizers", self.optimizers))
        object.__setattr__(self, "rate", number("rate", self.rate, 0, 100, above=True))
        whole("steps", self.steps, 1, 500)


@dataclass(frozen=True)
class Classes:
    """The points, their classes, and the weights to start from, float64."""

    x: Tensor  # (points, 2)
    y: Tensor  # (points,) 0 or 1
    start: Tensor  # (3,)

    def logits(self, weights: Tensor) -> Tensor:
        """Return w₁x₁ + w₂x₂ + b for weights (3, runs), (points, runs)."""
        return self.x @ weights[:2] + weights[2]

    def loss(self, weights: Tensor) -> Tensor:
        """Return the mean cross-entropy for weights (3, runs), (runs,).

        log(1 + eᶻ) − y·z, written so that no z overflows.
        """
        z = self.logits(weights)
        return (z.clamp(min=0) - self.y.unsqueeze(1) * z + torch.log1p(torch.exp(-z.abs()))).mean(0)

    def gradient(self, weights: Tensor) -> Tensor:
        """Return the slope of the loss, (3, runs): the mean of (p − y)·x, and of p − y."""
        error = torch.sigmoid(self.logits(weights)) - self.y.unsqueeze(1)  # (points, runs)
        return torch.cat([self.x.T @ error / len(self.x), error.mean(0, keepdim=True)])

    def right(self, weights: Tensor) -> Tensor:
        """Return the share of the points on their own side of the boundary, (runs,)."""
        return ((self.logits(weights) > 0) == (self.y.unsqueeze(1) > 0.5)).double().mean(0)


def draw(spec: Logistic) -> Classes:
    """Draw the points, then the weights as `nn.Linear(2, 1)` draws them, float32, from the seed's generator.

    The first half of the points is class 0; the clouds lie on both sides of the origin, along (1, 1).
    """
    generator = torch.Generator().manual_seed(spec.seed)
    y = (torch.arange(spec.points) >= spec.points // 2).float()
    middle = (y - 0.5).unsqueeze(1) * spec.gap / math.sqrt(2)  # (points, 1), the same for x₁ and x₂
    x = middle + torch.randn(spec.points, 2, generator=generator)
    bound = 1 / math.sqrt(2)
    weight = nn.init.kaiming_uniform_(torch.empty(1, 2), a=math.sqrt(5), generator=generator)
    bias = nn.init.uniform_(torch.empty(1), -bound, bound, generator=generator)
    return Classes(x.double(), y.double(), torch.cat([weight.flatten(), bias]).double())


def train(spec: Logistic, classes: Classes) -> Walk:
    """Let the chosen optimizers train the weights on all points at once."""
    return walk(classes.start, classes.loss, classes.gradient, spec.optimizers, spec.rate, spec.steps)


def points_frame(classes: Classes) -> pd.DataFrame:
    """Return x1, x2 and the class y of every point."""
    return pd.DataFrame({"x1": classes.x[:, 0].numpy(), "x2": classes.x[:, 1].numpy(), "y": classes.y.numpy()})
