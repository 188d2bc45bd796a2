"""The reader's guess as a point that is dragged over the map of the loss."""

from dataclasses import asdict
from typing import Any

from core.charts.loss_map import REACH
from core.engine.walks import usual_row
from core.player import Plane, Walker
from core.text import Text
from pages.unknowns import formula_fit
from pages.unknowns.formula_fit import FormulaFit, Sample
from pages.unknowns.formulas import ENDS, GRID, ground


def plane_of(spec: FormulaFit, text: Text) -> Plane:
    """Return the guess as a point to drag, and who walks from it."""
    sample = ground(spec).sample
    low, high = ENDS
    return Plane(
        names=("t1", "t2"),
        point=(spec.t1, spec.t2),
        low=low,
        high=high,
        grid=GRID,
        formula=spec.formula,
        x=sample.x.tolist(),
        y=sample.y.tolist(),
        curve=formula_fit.curve_frame(sample.formula, spec.t1, spec.t2)["x"].tolist(),
        walkers=tuple(Walker(n, asdict(usual_row(n)), spec.rate) for n in spec.optimizers) if spec.fit else (),
        steps=spec.steps,
        reach=REACH * high,
        said=_said(sample, text),
        handle=text("unknowns.handle", where="{where}"),
    )


def _said(sample: Sample, text: Text) -> str:
    first, second = sample.formula.symbols
    return text("unknowns.said", n1=first, n2=second, c1="{c1}", c2="{c2}", loss="{loss}")


def guess_row(spec: FormulaFit, text: Text) -> dict[str, Any]:
    """Return the guess: its coefficients, and what it costs in words."""
    sample = ground(spec).sample
    signed = {name: f"{c:.2f}".replace("-", "−") for name, c in (("c1", spec.t1), ("c2", spec.t2))}
    words = _said(sample, text).format(**signed, loss=f"{sample.loss_at(spec.t1, spec.t2):#.3g}".rstrip("."))
    return {"c1": spec.t1, "c2": spec.t2, "words": words}
