"""One cell of the gradient matrix: its derivative both ways, and the two small charts about it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import torch

from core.analysis.gradients import Matrices, along, finite_difference
from core.charts.axes import Domain
from core.charts.domains import decades
from core.charts.loss_curves import coefficient_chart, difference_chart
from core.text import Text
from core.text.numbers import sig
from core.ui.gradient_matrix import cell_label, cell_names

#: Where the loss of one coefficient is drawn: this far to both sides, at so many places.
REACH, PLACES = 1.0, 81
#: The ε of the small chart: half a decade apart.
EPSILONS = tuple(float(f"{10 ** (-k / 2):.3g}") for k in range(2, 25))
#: A difference at the widest ε that is all rounding, as a share of the loss or of the slope.
_EVEN = 1e-12
#: Losses nearer than this share are the same, summed in another order.
_ROUNDING = 1e-14


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


def check_table(found: Check, eps: float, text: Text) -> pd.DataFrame:
    """Return both derivatives with all their digits, and their difference."""
    columns = {
        "back": f"{found.back:.10g}",
        "by_difference": f"{found.by_difference:.10g}",
        "apart": sig(abs(found.by_difference - found.back), 2),
    }
    named = {text(f"objective.check.{name}", eps=sig(eps)): [value] for name, value in columns.items()}
    return pd.DataFrame(named)


def coefficient_spec(found: Check, cell: str, text: Text) -> dict:
    """Return the loss as a function of this coefficient, with its tangent and the finite difference."""
    low, high = float(found.curve["y"].min()), float(found.curve["y"].max())
    margin = 0.08 * (high - low) or 0.1
    chart = coefficient_chart(
        found.curve,
        at=found.at,
        value=found.loss,
        slope=found.back,
        secant=found.secant,
        domain=(low - margin, high + margin),
        x_title=text("objective.axis.coefficient", cell=cell_label(cell)),
        y_title=text("objective.axis.loss"),
        names=(text("objective.check.tangent"), text("objective.check.secant")),
    )
    return chart.to_dict(validate=False)


def difference_spec(found: Check, eps: float, text: Text) -> dict:
    """Return the difference of the two derivatives against ε."""
    limits: Domain = (min(EPSILONS[-1], eps), max(EPSILONS[0], eps))
    values: Sequence[float] = found.differences["y"].dropna().tolist() or [1e-12]
    chart = difference_chart(
        found.differences,
        eps=eps,
        limits=limits,
        domain=decades(values),
        x_title="ε",
        y_title=text("objective.axis.difference"),
        here=f"ε = {sig(eps)}",
    )
    return chart.to_dict(validate=False)


def best_eps(found: Check) -> float:
    """Return the ε at which the two derivatives differ least, the largest of them."""
    differences = found.differences["y"].fillna(0.0)
    return float(found.differences.loc[differences == differences.min(), "x"].max())


def best_sentence(found: Check, text: Text) -> str:
    """Say where the two derivatives agree best, and why not elsewhere.

    Where the loss is a parabola in this coefficient, as in W₂ and b₂ under MSE, a chord is as steep as the tangent
    in its middle: then no ε is too large.
    """
    differences = found.differences["y"].fillna(0.0)
    widest = float(differences.iloc[found.differences["x"].argmax()])
    even = widest <= _EVEN * max(1.0, abs(found.loss), abs(found.back))
    return text(f"objective.check.best{'_even' if even else ''}", eps=sig(best_eps(found)))
