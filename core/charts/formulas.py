"""A formula with two coefficients: its curve where they are known, and beside the data where they are sought."""

from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain
from core.charts.fits import plane
from core.charts.layers import Layered, headline, layer, stack
from core.charts.rows import csv_rows, few, json_rows
from core.charts.saved import Saved
from core.charts.style import NEUTRAL, rate_styles

#: The colour of what is computed from known coefficients, and of what the reader tries.
KNOWN, TRIED = (style.colour for style in rate_styles(2))


def curve_chart(curve: pd.DataFrame, at: pd.DataFrame, x: Domain, y: Domain, height: int = 260) -> Layered:
    """The curve of known coefficients, columns x and y, and the values `at` a few x."""
    place: dict[str, Any] = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    line = {"color": KNOWN, "strokeWidth": 3, "clip": True}
    dots = {"color": KNOWN, "size": 60, "opacity": 1, "clip": True}
    tips = [alt.Tooltip("x:Q", format=".3~f"), alt.Tooltip("y:Q", format=".3~f")]
    layers = [
        plane(x, y, "x", "y"),
        layer("line", line, **place),
        layer("circle", dots, data=few(at.round(4).to_dict("records")), tooltip=tips, **place),
    ]
    return stack(layers, json_rows(curve, ["x", "y"]), height)


def guess_chart(
    points: pd.DataFrame,
    curve: pd.DataFrame,
    x: Domain,
    y: Domain,
    height: int = 260,
    guess: dict[str, Any] | None = None,
) -> Layered:
    """The reader's curve, columns x and y, and the points, each with its residual as a line from y to `at`.

    `guess`: what its `words` say stands over the plot, where no curve runs. The data have the names that
    `core.player.Plane` knows.
    """
    place: dict[str, Any] = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    residual = {"color": TRIED, "opacity": 0.55, "strokeWidth": 1.5, "clip": True}
    dots = {"color": NEUTRAL, "size": 26, "opacity": 0.9, "clip": True}
    line = {"color": TRIED, "strokeWidth": 3, "clip": True}
    layers = [
        plane(x, y, "x", "y"),
        layer("rule", residual, y2=alt.Y2("at:Q"), **place),
        layer("circle", dots, **place),
        layer("line", line, data=few(curve.round(6).to_dict("records"), "curve"), **place),
    ]
    if guess is not None:
        layers.append(headline(guess, TRIED, "guess"))
    saved = Saved({"x": "x", "y": "y", "at": "prediction"})
    return stack(layers, csv_rows(points, ["x", "y", "at"], name="residuals"), height, saved=saved)
