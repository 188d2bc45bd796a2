"""The surface one optimizer has fitted to data with two inputs, as a heat map moving with the step."""

from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain
from core.charts.fits import NOW, heights_saved, missing, moving, plane, snapshots
from core.charts.layers import Layered, keep, layer, make
from core.charts.rows import csv_rows
from core.charts.saved import Grid
from core.charts.style import OPTIMIZERS
from core.text import Text

_SQUARE = (-1.0, 1.0)
_OVERLAP = 1.04  # cells overlap a little, so that no seams show between them


def surface_chart(
    frames: pd.DataFrame,
    name: str,
    text: Text,
    *,
    z_domain: Domain,
    step: int,
    height: int = 220,
    points: pd.DataFrame | None = None,
    legend: bool = False,
) -> Layered:
    """The surface of optimizer `name` over [-1, 1]² at the player's step.

    `frames`: as for `fit_chart`, with `z`, a list of K·K heights on an even grid, its ends included, x₁
    fastest; each fills the cell around its grid point. `z_domain`, one for all optimizers, fixes the
    colours; heights outside take the end's colour. `points`: where data lies, columns x1, x2.
    """
    side = round(len(frames["z"].iloc[0]) ** 0.5)
    gap = 2 / (side - 1)
    half = gap / 2 * _OVERLAP
    cells = [
        keep(NOW),
        *make(i=f"sequence({side * side})", word="split(datum.heights, ' ')"),
        {"flatten": ["i", "word"]},
        keep("datum.word !== '?'"),
        *make(
            z="toNumber(datum.word)",
            x=f"datum.i % {side} * {gap} - {1 + half}",
            y=f"floor(datum.i / {side}) * {gap} - {1 + half}",
            x2=f"datum.x + {2 * half}",
            y2=f"datum.y + {2 * half}",
        ),
    ]
    x, y = alt.X("x:Q"), alt.Y("y:Q")
    key = alt.Legend(title=text("chart.axis.surface"), orient="bottom", gradientLength=160) if legend else None
    colour = alt.Color("z:Q", scale=alt.Scale(domain=list(z_domain), clamp=True, scheme="viridis"), legend=key)
    box: dict[str, Any] = {"x": x, "x2": alt.X2("x2:Q"), "y": y, "y2": alt.Y2("y2:Q")}
    layers = [
        plane(_SQUARE, _SQUARE, "x₁", "x₂"),
        layer("rect", {"clip": True}, transform=cells, color=colour, **box),
        missing(),
    ]
    if points is not None:
        data = csv_rows(points, ["x1", "x2"], name=None)
        look = {"color": "white", "size": 8, "opacity": 0.5}
        layers.append(layer("circle", look, data=data, x=alt.X("x1:Q"), y=alt.Y("x2:Q")))
    rows = snapshots(frames, "z", z_domain, text, parts=200)
    saved = heights_saved({"x1": Grid(*_SQUARE, side), "x2": Grid(*_SQUARE, side, each=side)})
    return moving(layers, rows, name, OPTIMIZERS[name], step, height, saved)
