"""The gradients along one training, and one cell's derivative both ways."""

import math
from dataclasses import dataclass

import pandas as pd
import torch

from core.analysis.coefficient_names import cell_names
from core.analysis.gradients import Matrices, along, finite_difference, matrices
from core.engine.asking import Ask
from core.link.forms import Specs, canonical
from pages.objective.gradients.spec import gradient_experiment

#: Where the loss of one coefficient is drawn: this far to both sides, at so many places.
REACH, PLACES = 1.0, 81
#: The ε of the small chart: half a decade apart.
EPSILONS = tuple(float(f"{10 ** (-k / 2):.3g}") for k in range(2, 25))
#: Losses nearer than this share are the same, summed in another order.
_ROUNDING = 1e-14


def compute(specs: Specs, ask: Ask) -> Matrices:
    """Train, and take the gradient at every snapshot."""
    experiment, _, page = specs
    history = ask.history(gradient_experiment(experiment, page))
    of_all = page.batch == "all"
    return ask.kept(f"matrices?{canonical(history.experiment)}&{of_all}", lambda: matrices(history, of_all))


@dataclass(frozen=True)
class Check:
    """One cell at one snapshot: its derivative both ways, and what the two small charts draw."""

    step: int
    at: float
    loss: float
    back: float
    by_difference: float
    curve: pd.DataFrame  # x, y
    secant: pd.DataFrame  # x, y
    differences: pd.DataFrame  # x, y: |difference| for each ε

    @property
    def finite(self) -> bool:
        """Whether there is anything to draw."""
        numbers = (self.at, self.loss, self.back, self.by_difference)
        return all(map(math.isfinite, numbers)) and bool(self.curve["y"].abs().lt(1e12).all())

    @property
    def dead(self) -> bool:
        """Whether a small change of the cell changes nothing, as where its unit is switched off."""
        below, above = self.secant["y"]
        return self.back == 0 and abs(above - below) <= _ROUNDING * abs(self.loss)


def check(found: Matrices, cell: str, step: int, eps: float) -> Check:
    """Return a cell's derivative by back-propagation and by central difference, at the snapshot for the step."""
    e, k = found.experiment, found.at(step)
    index = cell_names(e).index(cell)
    parameters, points = found.weights[:, k], found.points[k]
    at, back = parameters[index], found.gradients[index, k].item()
    epsilons = sorted({*EPSILONS, eps})
    slopes = finite_difference(e, parameters, index, torch.tensor(epsilons, dtype=at.dtype), points).tolist()
    xs = torch.linspace(at.item() - REACH, at.item() + REACH, PLACES, dtype=at.dtype)
    ends = torch.stack([at - eps, at + eps])
    ys = along(e, parameters, index, torch.cat([xs, ends, at.unsqueeze(0)]), points).tolist()
    return Check(
        step=found.steps[k],
        at=at.item(),
        loss=ys[-1],
        back=back,
        by_difference=slopes[epsilons.index(eps)],
        curve=pd.DataFrame({"x": xs.tolist(), "y": ys[:PLACES]}),
        secant=pd.DataFrame({"x": ends.tolist(), "y": ys[PLACES:-1]}),
        differences=pd.DataFrame({"x": epsilons, "y": [abs(s - back) or math.nan for s in slopes]}),
    )
