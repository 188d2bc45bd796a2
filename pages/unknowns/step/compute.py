"""A walk step by step: plain gradient steps until there is no more to gain or all is lost, and others beside it."""

import math
from dataclasses import dataclass
from enum import Enum

import pandas as pd
import torch
from torch import Tensor

from core.engine.asking import Ask
from core.engine.history import DIVERGED
from core.engine.walks import Walk
from core.engine.walks import walk as walk_down
from core.link.forms import Specs
from pages.unknowns.formula_fit import BOUND, MOST_STEPS, FormulaFit, draw

#: The method whose steps are taken by hand: the others in its company are ghosts.
BY_HAND = "SGD"
#: A gradient is called flat when it is shorter than this.
FLAT = 1e-3
#: Most gradients are drawn no longer than this, in units of the map.
ROOM = 2.0


class Ending(Enum):
    """Why no further step is taken."""

    FLAT = "flat"
    DIVERGED = "diverged"
    LONG = "long"  # as many steps as there may be


@dataclass(frozen=True)
class Stepped:
    """What the steps come to; the run by hand is the first of the walk."""

    way: Walk
    slope: Tensor  # (steps + 1, 2), of the loss where the run by hand stands
    spec: FormulaFit

    @property
    def ending(self) -> Ending:
        """Why the run by hand takes no further step."""
        if self.way.diverged(BY_HAND) is not None:
            return Ending.DIVERGED
        return Ending.FLAT if float(self.slope[-1].norm()) < FLAT else Ending.LONG

    @property
    def nbytes(self) -> int:
        """The memory its tensors take."""
        return self.way.path.nbytes + self.way.loss.nbytes + self.slope.nbytes

    def by_hand(self) -> pd.DataFrame:
        """Return a row a step: step, c1, c2, their slopes g1, g2, the rate, and n1, n2, where the next step leads."""
        path = self.way.path[:, :, 0]
        there = path - self.spec.rate * self.slope
        columns = dict(
            zip(("c1", "c2", "g1", "g2", "n1", "n2"), torch.cat((path, self.slope, there), 1).T, strict=True)
        )
        frame = pd.DataFrame({name: column.numpy() for name, column in columns.items()})
        return frame.assign(step=range(len(path)), rate=self.spec.rate)

    def firsts(self) -> dict[str, tuple[float, float]]:
        """Return how far each method's first step moves both coefficients, in learning rates."""
        start, slope = self.way.path[0, :, 0], self.slope[0].unsqueeze(1)
        runs = len(self.way.optimizers)
        # at a rate of 1, for a small one would leave nothing but rounding
        one = walk_down(start, lambda c: c[0], lambda c: slope.repeat(1, runs), self.way.optimizers, 1.0, 1)
        moved = one.path[1] - one.path[0]  # (2, runs)
        return {name: (float(a), float(b)) for name, (a, b) in zip(self.way.optimizers, moved.T, strict=True)}


def steps(spec: FormulaFit) -> Stepped:
    """Walk from the start until the gradient is flat, the loss is lost, or `MOST_STEPS` are taken."""
    sample = draw(spec)
    start = torch.tensor([spec.t1, spec.t2], dtype=torch.float64)
    lost = DIVERGED * sample.loss_at(spec.t1, spec.t2)

    def ended(loss: Tensor, slope: Tensor) -> bool:
        return float(slope[:, 0].norm()) < FLAT or not float(loss[0]) <= lost

    names = (BY_HAND, *(name for name in spec.optimizers if name != BY_HAND))
    way = walk_down(start, sample.loss, sample.gradient, names, spec.rate, MOST_STEPS, ended)
    return Stepped(way, sample.gradient(way.path[:, :, 0].T).T.contiguous(), spec)


def compute(specs: Specs, ask: Ask) -> Stepped:
    """Return the steps from the reader's start, and those of the ghosts."""
    spec: FormulaFit = specs[0]
    return ask.kept(f"unknowns.step?{spec!r}", lambda: steps(spec))


def slope_scale(spec: FormulaFit) -> float:
    """Return how many times as long as it is a gradient is drawn: one over a round number, so that most fit the map."""
    grid = torch.linspace(-BOUND, BOUND, 13, dtype=torch.float64)
    slopes = draw(spec).gradient(torch.cartesian_prod(grid, grid).T)  # (2, 169)
    longest = float(slopes.norm(dim=0).quantile(0.9))
    decade = 10 ** math.floor(math.log10(longest))
    return 1 / next(times * decade for times in (1, 2, 5, 10) if times * decade * ROOM >= longest)
