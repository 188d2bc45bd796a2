"""One formula with its coefficients known, and unknown; and the reader's tries at these."""

from dataclasses import dataclass

import pandas as pd

from core.analysis.landscape import survey
from core.analysis.sentences import listed
from core.charts.formulas import curve_chart, guess_chart
from core.player import Chart
from core.text import Text
from core.text.numbers import sig
from core.ui.kept import kept
from pages.unknowns import formula_fit
from pages.unknowns.formula_fit import BOUND, FORMULAS, Formula, FormulaFit, Sample

#: Both ends of every coefficient.
ENDS = (-BOUND, BOUND)
#: What a slider and a dragged point choose among.
GRID = 0.05
HEIGHT = 260


@dataclass(frozen=True)
class Ground:
    """The data of one seed and the loss they give to every pair of coefficients."""

    sample: Sample
    regions: pd.DataFrame
    least: float  # on the grid
    most: float


def data_key(spec: FormulaFit) -> str:
    """Return what decides the points, as text."""
    return f"{spec.formula}?{spec.noise!r}&{spec.points}&{spec.seed}"


@kept
def _ground(key: str, _spec: FormulaFit) -> Ground:
    sample = formula_fit.draw(_spec)
    landscape = survey(sample.loss, *ENDS)
    return Ground(sample, landscape.regions(), float(landscape.loss.min()), float(landscape.loss.max()))


def ground(spec: FormulaFit) -> Ground:
    """Return data and map, kept for whoever asks for the same ones next."""
    return _ground(data_key(spec), spec)


def known_chart(spec: FormulaFit, text: Text) -> tuple[Chart, str]:
    """Return what known coefficients make of x, drawn and in words."""
    formula = FORMULAS[spec.formula]
    first, second = formula.symbols
    at = formula_fit.values_frame(formula, spec.c1, spec.c2)
    chart = curve_chart(formula_fit.curve_frame(formula, spec.c1, spec.c2), at, *_domains(formula))
    alt = text("unknowns.known_alt", c1=first, c2=second, v1=sig(spec.c1), v2=sig(spec.c2))
    values = [f"y({sig(x)}) = {sig(y)}" for x, y in zip(at["x"], at["y"], strict=True)]
    drawn = Chart(chart.to_dict(validate=False), text("unknowns.known"), alt, 6, HEIGHT, "known")
    return drawn, text("unknowns.known_values", values=listed(values, text))


def guess(spec: FormulaFit, text: Text) -> Chart:
    """Return the reader's guess over the data."""
    sample = ground(spec).sample
    formula = sample.formula
    points = formula_fit.points_frame(sample, spec.t1, spec.t2)
    curve = formula_fit.curve_frame(formula, spec.t1, spec.t2)
    chart = guess_chart(points, curve, *_domains(formula))
    alt = text("unknowns.asked_alt", points=spec.points)
    return Chart(chart.to_dict(validate=False), text("unknowns.asked"), alt, 6, HEIGHT, "guess")


def latex(formula: Formula, c1: float, c2: float) -> str:
    """Return the formula with its coefficients."""
    return formula.latex.format(c1=_n(c1), c2=_n(c2)).replace("+ -", "- ")


def tried_sentence(spec: FormulaFit, tried: pd.DataFrame, text: Text) -> str:
    """Say what the present guess costs, and which try was the best."""
    count, loss, lowest = int(tried["number"].max()), sig(float(tried["loss"].iloc[-1])), best(tried)
    if count == 1:
        return text("unknowns.tried_first", loss=loss)
    first, second = FORMULAS[spec.formula].symbols
    there = {"c1": first, "c2": second, "v1": sig(lowest["c1"]), "v2": sig(lowest["c2"])}
    return text("unknowns.tried_again", loss=loss, count=count, best=sig(lowest["loss"]), **there)


def best(tried: pd.DataFrame) -> pd.Series:
    """Return the best of the reader's tries."""
    return tried.sort_values("loss", kind="stable").iloc[0]


def _n(value: float) -> str:
    return f"{value:.3g}"


def _domains(formula: Formula) -> tuple[tuple[float, float], tuple[float, float]]:
    return (-formula.reach, formula.reach), (-formula.height, formula.height)
