"""The Unknowns page's state in the link, and the controls and axes that its figures share."""

import math
from collections.abc import Iterable, Mapping

import pandas as pd
import streamlit as st

from core.catalogue.optimizers import METHODS
from core.charts.axes import Axes, Scale
from core.charts.descents import OTHER
from core.charts.style import OPTIMIZERS
from core.clustering import Clustering
from core.formula_fit import FormulaFit
from core.link.forms import form, join
from core.link.values import Name, flag, number, whole
from core.logistic import Logistic
from core.player import Series
from core.text import Text
from core.ui import controls
from core.ui.folds import fold
from core.ui.page_situation import Situation, arrive

PAGE = "unknowns"
LAST_SEED = 10**6


def _learner(prefix: str) -> dict[str, Name]:
    return {
        f"{prefix}n": Name(whole, "points"),
        f"{prefix}seed": Name(whole, "seed"),
        f"{prefix}opt": Name(str, "optimizers", repeated=True),
        f"{prefix}lr": Name(number, "rate"),
        f"{prefix}steps": Name(whole, "steps"),
    }


_FORMULA = form(
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
_LOGISTIC = form(Logistic, {"logistic.gap": Name(number, "gap"), **_learner("logistic.")})
_CLUSTERING = form(
    Clustering,
    {"kmeans.k": Name(whole, "k"), "kmeans.spread": Name(number, "spread"), **_learner("kmeans.")},
)
FORM = join(join(_FORMULA, _LOGISTIC), _CLUSTERING)
DEFAULTS = (FormulaFit(), Logistic(), Clustering())
#: What the points and the ways on their map depend on.
ASKED = _FORMULA.names.keys() - {"c1", "c2", "step"}

_FOUR = ("SGD", "Momentum", "RMSprop", "Adam")
_SAME = {"seed": 1, "noise": 0.2, "n": 50, "steps": 120, "fit": True}
#: What each thing to try sets.
TRIES = {
    "valley": _SAME | {"formula": "sine", "t1": 1.0, "t2": -2.5, "lr": 0.03, "opt": _FOUR},
    "walls": _SAME | {"formula": "line", "t1": -1.0, "t2": 1.0, "lr": 1.0, "opt": ("SGD",)},
    "crawl": _SAME | {"formula": "parabola", "t1": -1.0, "t2": 1.0, "lr": 0.1, "opt": ("SGD", "Momentum", "Adam")},
}


def situation() -> Situation:
    """Return the page's situation for this run."""
    return arrive(PAGE, FORM, DEFAULTS)


def optimizers(name: str, text: Text) -> None:
    """Choose which optimizers walk, at least one."""
    st.pills(text("control.opt"), tuple(METHODS), selection_mode="multi", key=name)


def new_data(here: Situation, name: str, text: Text) -> None:
    """Offer other data from the next seed."""
    seed = st.session_state[name]
    st.button(
        text("unknowns.new_data", seed=seed),
        key=f"new.{name}",
        icon=":material/casino:",
        on_click=here.set,
        args=({name: (seed + 1) % (LAST_SEED + 1)},),
    )


def more(key: str, ladders: Mapping[str, str], text: Text) -> None:
    """Show further ladders, each link name with the key of its label, folded away."""

    def show() -> None:
        for name, label in ladders.items():
            controls.ladder(name, text(label))

    fold(key, text("unknowns.more"), show)


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
