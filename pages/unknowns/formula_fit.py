"""A formula with two coefficients: known, it makes values; unknown, they are sought from data."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor

from core.engine.walks import Walk, names
from core.engine.walks import walk as walk_down
from core.spec.checks import choice, number, whole

#: Both coefficients of every formula lie between minus and plus this.
BOUND = 3.0
#: Points of a drawn curve.
CURVE = 61
#: As many steps as an optimizer may take.
MOST_STEPS = 1000


@dataclass(frozen=True)
class Formula:
    """y = c₁·basis(c₂, x) + rest(c₂, x): linear in c₁, so on a map no level line closes around a hill."""

    name: str
    latex: str  # with {c1} and {c2}
    loss: str  # LaTeX of the loss as a function of the coefficients
    symbols: tuple[str, str]
    reach: float  # x runs from minus to plus this
    height: float  # so does y in the charts
    value: Callable[[Tensor, Tensor, Tensor], Tensor]  # of c1, c2, x
    slopes: Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]  # ∂y/∂c1, ∂y/∂c2
    hidden: tuple[tuple[float, float], tuple[float, float]]  # where the hidden coefficients are drawn from
    code: str  # of the value in PyTorch, of c1, c2, x


FORMULAS: dict[str, Formula] = {
    f.name: f
    for f in (
        Formula(
            "line",
            "y = {c1}\\,x + {c2}",
            r"L(w, b) = \tfrac1n \textstyle\sum_i (w\,x_i + b - y_i)^2",
            ("w", "b"),
            1.0,
            4.0,
            lambda w, b, x: w * x + b,
            lambda w, b, x: (x + 0 * w, 1 + 0 * x * b),
            ((-2.5, 2.5), (-1.5, 1.5)),
            "c1 * x + c2",
        ),
        Formula(
            "parabola",
            "y = {c1}\\,x^2 + {c2}",
            r"L(a, c) = \tfrac1n \textstyle\sum_i (a\,x_i^2 + c - y_i)^2",
            ("a", "c"),
            1.0,
            4.0,
            lambda a, c, x: a * x * x + c,
            lambda a, c, x: (x * x + 0 * a, 1 + 0 * x * c),
            ((-2.5, 2.5), (-1.5, 1.5)),
            "c1 * x * x + c2",
        ),
        Formula(
            "sine",
            "y = {c1}\\,\\sin({c2}\\,x)",
            r"L(a, \omega) = \tfrac1n \textstyle\sum_i (a \sin(\omega\,x_i) - y_i)^2",
            ("a", "ω"),
            5.0,
            3.2,
            lambda a, w, x: a * torch.sin(w * x),
            lambda a, w, x: (torch.sin(w * x) + 0 * a, a * x * torch.cos(w * x)),
            ((1.0, 2.0), (1.4, 2.4)),
            "c1 * torch.sin(c2 * x)",
        ),
    )
}


@dataclass(frozen=True)
class FormulaFit:
    """A formula twice: with known coefficients, and with hidden ones that made noisy points.

    Raises ValueError naming the field, the value and the allowed range.
    """

    formula: str = "line"
    c1: float = 1.0  # known
    c2: float = 0.5
    t1: float = -1.0  # the reader's guess
    t2: float = 1.0
    noise: float = 0.2  # σ of the normal noise on y
    points: int = 50
    seed: int = 1
    fit: bool = False  # let optimizers walk from the guess
    optimizers: tuple[str, ...] = ("SGD", "Adam")
    rate: float = 0.1
    steps: int = 120
    step: int | None = None  # the step to open at; None: the last

    def __post_init__(self) -> None:
        keep = object.__setattr__
        choice("formula", self.formula, tuple(FORMULAS))
        for name in ("c1", "c2", "t1", "t2"):
            keep(self, name, number(name, getattr(self, name), -BOUND, BOUND))
        keep(self, "noise", number("noise", self.noise, 0, 2))
        whole("points", self.points, 5, 2000)
        whole("seed", self.seed, 0, 10**6)
        if not isinstance(self.fit, bool):
            raise ValueError(f"fit={self.fit!r} is not true or false")
        keep(self, "optimizers", names("optimizers", self.optimizers))
        keep(self, "rate", number("rate", self.rate, 0, 100, above=True))
        whole("steps", self.steps, 1, MOST_STEPS)
        if self.step is not None:
            whole("step", self.step, 0, 10**6)


@dataclass(frozen=True)
class Sample:
    """The points and the coefficients that made them, float64."""

    formula: Formula
    x: Tensor  # (points,)
    y: Tensor  # (points,)
    hidden: tuple[float, float]

    def loss(self, coefficients: Tensor) -> Tensor:
        """Return the mean squared residual for coefficients (2, runs), (runs,)."""
        return self._residuals(coefficients).square().mean(0)

    def gradient(self, coefficients: Tensor) -> Tensor:
        """Return the slope of the loss, (2, runs)."""
        c1, c2 = coefficients
        r = self._residuals(coefficients)  # (points, runs)
        slopes = self.formula.slopes(c1, c2, self.x.unsqueeze(1))
        return torch.stack([2 * (r * slope).mean(0) for slope in slopes])

    def loss_at(self, c1: float, c2: float) -> float:
        """Return the loss of one pair of coefficients."""
        return float(self.loss(torch.stack(_pair(c1, c2)).unsqueeze(1)))

    def _residuals(self, coefficients: Tensor) -> Tensor:
        c1, c2 = coefficients
        return self.formula.value(c1, c2, self.x.unsqueeze(1)) - self.y.unsqueeze(1)


def _pair(c1: float, c2: float) -> tuple[Tensor, Tensor]:
    return torch.tensor(c1, dtype=torch.float64), torch.tensor(c2, dtype=torch.float64)


def draw(spec: FormulaFit) -> Sample:
    """Draw the hidden coefficients, then the noise, float32, from the seed's own generator."""
    formula = FORMULAS[spec.formula]
    generator = torch.Generator().manual_seed(spec.seed)
    share = torch.rand(2, generator=generator)
    ends = torch.tensor(formula.hidden)  # (2, low and high)
    hidden = ends[:, 0] + share * (ends[:, 1] - ends[:, 0])
    noise = torch.randn(spec.points, generator=generator)
    x = torch.linspace(-formula.reach, formula.reach, spec.points).double()
    c1, c2 = hidden.double()
    y = formula.value(c1, c2, x) + spec.noise * noise.double()
    return Sample(formula, x, y, (float(c1), float(c2)))


def walk(spec: FormulaFit, sample: Sample) -> Walk:
    """Let the chosen optimizers walk from the reader's guess."""
    start = torch.stack(_pair(spec.t1, spec.t2))
    return walk_down(start, sample.loss, sample.gradient, spec.optimizers, spec.rate, spec.steps)


def curve_frame(formula: Formula, c1: float, c2: float) -> pd.DataFrame:
    """Return x and y of the formula on an even grid."""
    x = torch.linspace(-formula.reach, formula.reach, CURVE, dtype=torch.float64)
    y = formula.value(*_pair(c1, c2), x)
    return pd.DataFrame({"x": x.numpy(), "y": y.numpy()})


def points_frame(sample: Sample, c1: float, c2: float) -> pd.DataFrame:
    """Return x and y of the points and `at`, what the formula says there: a residual is `at` − y."""
    at = sample.formula.value(*_pair(c1, c2), sample.x)
    return pd.DataFrame({"x": sample.x.numpy(), "y": sample.y.numpy(), "at": at.numpy()})


def fit_frame(sample: Sample, walked: Walk, name: str, snapshots: int = 61) -> pd.DataFrame:
    """Return one row a snapshot of one optimizer's fit: begin, end (steps it stands for), y (`CURVE` numbers)."""
    every = max(1, math.ceil(walked.steps / (snapshots - 1)))
    begin = sorted({*range(0, walked.steps, every), walked.steps})
    c1, c2 = walked.path[begin, :, walked.optimizers.index(name)].T.unsqueeze(2)  # each (snapshots, 1)
    x = torch.linspace(-sample.formula.reach, sample.formula.reach, CURVE, dtype=torch.float64)
    y = sample.formula.value(c1, c2, x)  # (snapshots, CURVE)
    return pd.DataFrame({"begin": begin, "end": [*begin[1:], walked.steps + 1], "y": y.tolist()})


def values_frame(formula: Formula, c1: float, c2: float) -> pd.DataFrame:
    """Return x and y at 0 and half the formula's reach on both sides."""
    x = torch.tensor([-formula.reach / 2, 0, formula.reach / 2], dtype=torch.float64)
    y = formula.value(*_pair(c1, c2), x)
    return pd.DataFrame({"x": x.numpy(), "y": y.numpy()})
