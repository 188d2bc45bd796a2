"""Two classes on the plane, and the boundary that an optimizer has put between them at a step."""

import math
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain
from core.charts.fits import moving, plane
from core.charts.layers import Layer, Layered, Transform, keep, layer, make
from core.charts.rows import csv_rows
from core.charts.saved import Saved
from core.charts.style import OPTIMIZERS, rate_styles

#: Class 0 and class 1: colour and mark.
COLOURS = tuple(style.colour for style in rate_styles(2))
SHAPES = ("circle", "triangle-up")
#: The probabilities of a class from which on its side is shaded more.
SHADES = (0.5, 0.6, 0.75, 0.9, 0.99)
_FAR = 100.0  # how far a shaded side reaches, in units of x


def classes_chart(
    points: pd.DataFrame,
    weights: pd.DataFrame,
    name: str,
    domains: tuple[Domain, Domain],
    *,
    step: int,
    height: int = 260,
) -> Layered:
    """The points and, shaded, how probable each class is to optimizer `name` at the player's step.

    `points`: columns x1, x2, y. `weights`: a row a step, columns step, w1, w2, b.
    """
    style = OPTIMIZERS[name]
    x, y = alt.X("x1:Q"), alt.Y("x2:Q")
    edge = {"color": style.colour, "strokeWidth": 3, "strokeDash": list(style.dash or (1, 0)), "clip": True}
    dots = {"size": 32, "opacity": 0.85, "filled": True, "clip": True}
    rows = csv_rows(points, ["x1", "x2", "y"], name=None)
    colour = alt.Color("y:N", scale=alt.Scale(domain=[0, 1], range=list(COLOURS)), legend=None)
    shape = alt.Shape("y:N", scale=alt.Scale(domain=[0, 1], range=list(SHAPES)), legend=None)
    layers = [
        plane(*domains, "x₁", "x₂"),
        *(side(k, p) for k in (0, 1) for p in SHADES),
        layer("line", edge, transform=_line(0.0, 2), x=x, y=y),
        layer("point", dots, data=rows, x=x, y=y, color=colour, shape=shape),
    ]
    saved = Saved({"step": "step", "w1": "weight1", "w2": "weight2", "b": "bias"})
    return moving(layers, csv_rows(weights, ["step", "w1", "w2", "b"]), name, style, step, height, saved)


def side(kind: int, probability: float) -> Layer:
    """The half of the plane in which a class has at least this probability, as a thin shade of its colour."""
    look = {"filled": True, "interpolate": "linear-closed", "fill": COLOURS[kind], "fillOpacity": 0.1, "clip": True}
    logit = math.log(probability / (1 - probability)) * (1 if kind else -1)
    place: dict[str, Any] = {"x": alt.X("x1:Q"), "y": alt.Y("x2:Q"), "order": alt.Order("i:Q")}
    return layer("line", look | {"strokeWidth": 0}, transform=_line(logit, 4, 1 if kind else -1), **place)


def _line(logit: float, corners: int, towards: int = 0) -> list[Transform]:
    """The two far ends of the line where w·x + b is `logit`, and with four corners what lies on one side of it."""
    along = "(datum.i === 0 || datum.i === 3 ? -1 : 1)"
    out = f"(datum.i > 1 ? {towards} : 0)"
    return [
        keep("datum.step === step"),
        *make(i=f"sequence({corners})", size="max(sqrt(datum.w1 * datum.w1 + datum.w2 * datum.w2), 1e-9)"),
        {"flatten": ["i"]},
        *make(u="datum.w1 / datum.size", v="datum.w2 / datum.size", foot=f"({logit:.6g} - datum.b) / datum.size"),
        *make(near=f"clamp(datum.foot, -{_FAR:g}, {_FAR:g}) + {_FAR:g} * {out}"),
        *make(
            x1=f"datum.u * datum.near - datum.v * {_FAR:g} * {along}",
            x2=f"datum.v * datum.near + datum.u * {_FAR:g} * {along}",
        ),
    ]
