"""A curve that moves with the player's step, over points of one or two kinds."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
from altair.utils.schemapi import debug_mode

from core.charts.axes import Domain
from core.charts.fits import NOW, missing, plane, snapshots
from core.charts.layers import keep, layer, make, stack
from core.charts.rows import csv_rows
from core.charts.style import NEUTRAL, Style
from core.text import Text


@dataclass(frozen=True)
class Dots:
    """Points with columns x, y, and how they look; the size is an area in square pixels."""

    points: pd.DataFrame
    size: int = 12
    opacity: float = 0.45
    colour: str = NEUTRAL


@debug_mode(False)
def curve_chart(
    dots: list[Dots],
    frames: pd.DataFrame,
    name: str,
    style: Style,
    text: Text,
    *,
    x_domain: Domain,
    y_domain: Domain,
    step: int,
    height: int = 220,
    truth: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """The curve at the player's step; `frames` and `truth` as `fit_chart` has them, `name` above in its colour."""
    x, y = alt.X("x:Q"), alt.Y("y:Q")
    layers = [plane(x_domain, y_domain, "x", "y")]
    for kind in dots:
        look = {"size": kind.size, "opacity": kind.opacity, "color": kind.colour, "clip": True}
        layers.append(layer("circle", look, data=csv_rows(kind.points, ["x", "y"], name=None), x=x, y=y))
    if truth is not None:
        thin = {"color": NEUTRAL, "strokeDash": [2, 2], "clip": True}
        layers.append(layer("line", thin, data=csv_rows(truth, ["x", "y"], name=None), x=x, y=y))
    low, high = x_domain
    gap = (high - low) / (len(frames["y"].iloc[0]) - 1)
    curve = [
        keep(NOW),
        *make(x=f"sequence({low}, {high + gap / 2}, {gap})", y="split(datum.heights, ' ')"),
        {"flatten": ["x", "y"]},
        *make(y="datum.y === '?' ? null : toNumber(datum.y)"),
    ]
    strong: dict[str, Any] = {"color": style.colour, "strokeDash": list(style.dash or (1, 0))}
    layers += [layer("line", strong | {"strokeWidth": 3, "clip": True}, transform=curve, x=x, y=y), missing()]
    title = alt.TitleParams(name, anchor="start", frame="group", fontSize=14, color=style.colour, offset=4)
    params = [alt.VariableParameter(name="step", value=step)]
    return stack(layers, snapshots(frames, "y", y_domain, text, parts=1000), height, params, title)
