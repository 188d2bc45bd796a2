"""One cell of the gradient matrix: its derivative both ways, and the two small charts about it."""

from collections.abc import Sequence

import pandas as pd

from core.analysis.coefficient_names import cell_label
from core.charts.axes import Domain
from core.charts.domains import decades
from core.charts.loss_curves import coefficient_chart, difference_chart
from core.text import Text
from core.text.numbers import sig
from pages.objective.gradients.compute import EPSILONS, Check

#: A difference at the widest ε that is all rounding, as a share of the loss or of the slope.
_EVEN = 1e-12


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
