"""The link names of the Unknowns page, and the axes that its figures share."""

import math
from collections.abc import Iterable

import pandas as pd

from core.charts.axes import Axes, Scale
from core.charts.descents import OTHER
from core.charts.style import OPTIMIZERS
from core.link.forms import form, join
from core.link.values import Name, flag, number, whole
from core.player import Series
from pages.unknowns.clustering import Clustering
from pages.unknowns.formula_fit import FormulaFit
from pages.unknowns.two_classes import Logistic


def _learner(prefix: str) -> dict[str, Name]:
    return {
        f"{prefix}n": Name(whole, "points"),
        f"{prefix}seed": Name(whole, "seed"),
        f"{prefix}opt": Name(str, "optimizers", repeated=True),
        f"{prefix}lr": Name(number, "rate"),
        f"{prefix}steps": Name(whole, "steps"),
    }


FORMULA = form(
    FormulaFit,
    {
        "formula": Name(str, "formula"),
        **{name: Name(number, name) for name in ("c1", "c2", "t1", "t2")},
        "noise": Name(number, "noise"),
        "fit": flag("fit"),
        **_learner(""),
        "step": Name(whole, "step", special={"": None}),
    },
)
LOGISTIC = form(Logistic, {"logistic.gap": Name(number, "gap"), **_learner("logistic.")})
CLUSTERING = form(
    Clustering,
    {"kmeans.k": Name(whole, "k"), "kmeans.spread": Name(number, "spread"), **_learner("kmeans.")},
)
FORM = join(join(FORMULA, LOGISTIC), CLUSTERING)
DEFAULTS = (FormulaFit(), Logistic(), Clustering())


def loss_axes(losses: Iterable[float], steps: int, scale: Scale, height: int) -> Axes:
    """Return axes that all finite losses fit on: from 0, or at most eight decades down from the highest."""
    found = [v for v in losses if math.isfinite(v) and v > 0] or [1.0]
    high = 1.1 * max(found)
    low = max(min(found) / 1.25, high * 1e-8) if scale == "log" else 0.0
    return Axes("", steps, steps, math.nan, scale, (low, high), height)


def loss_series(frame: pd.DataFrame) -> tuple[Series, ...]:
    """Return the read-out of a loss frame: a line per column beside `step`."""
    found = []
    for name in (str(c) for c in frame if c != "step"):
        style = OPTIMIZERS.get(name, OTHER)
        values = [None if math.isnan(v) else v for v in frame[name].tolist()]
        found.append(Series(name, style.colour, style.dash, values))
    return tuple(found)
