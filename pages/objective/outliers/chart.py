"""The curves that several losses fit to the same points, outliers among them, moving with the step."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain
from core.charts.curves import curves, curves_saved, packed_rows
from core.charts.fits import plane
from core.charts.layers import Layered, keep, layer, stack
from core.charts.rows import csv_rows
from core.charts.style import DIVERGED, NEUTRAL, Style


def loss_fits_chart(
    points: pd.DataFrame,
    frame: pd.DataFrame,
    truth: pd.DataFrame,
    names: Sequence[str],
    styles: Sequence[Style],
    *,
    domain: Domain,
    step: int,
    height: int = 300,
) -> Layered:
    """One curve a loss at the player's step, over the points; those shifted are crosses, the true curve is dotted.

    `points`: x, y, outlier (0 or 1). `frame`: line (0, 1, … as `names` and `styles`), begin, end, and lists x and y.
    """
    lines = list(range(len(styles)))
    colour = alt.Color("line:O", scale=alt.Scale(domain=lines, range=[s.colour for s in styles]), legend=None)
    dashes = alt.Scale(domain=lines, range=[list(s.dash or (1, 0)) for s in styles])
    x: Domain = (-1.0, 1.0)
    dots = csv_rows(points, ["x", "y", "outlier"], name=None)
    place: dict[str, Any] = {"data": dots, "x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    cross = {"color": DIVERGED, "size": 30, "opacity": 0.8, "shape": "cross", "angle": 45, "filled": True, "clip": True}
    true = {"color": NEUTRAL, "strokeDash": [2, 2], "strokeWidth": 2, "clip": True}
    layers = [
        plane(x, domain, "x", "y"),
        layer(
            "circle",
            {"color": NEUTRAL, "size": 12, "opacity": 0.45, "clip": True},
            transform=[keep("datum.outlier === 0")],
            **place,
        ),
        layer("point", cross, transform=[keep("datum.outlier === 1")], **place),
        layer("line", true, data=csv_rows(truth, ["x", "y"], name=None), x=alt.X("x:Q"), y=alt.Y("y:Q")),
        curves({"strokeWidth": 3}, color=colour, strokeDash=alt.StrokeDash("line:O", scale=dashes, legend=None)),
    ]
    data = packed_rows(frame, ["line", "begin", "end"], {"x": x, "y": domain})
    params = [alt.VariableParameter(name="step", value=step)]
    return stack(layers, data, height, params, saved=curves_saved("loss_function", names))
