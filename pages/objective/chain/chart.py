"""A curve, the point on it where we are, and its tangent there with the slope in numbers."""

from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain
from core.charts.fits import plane
from core.charts.layers import Layered, headline, layer, stack
from core.charts.rows import csv_rows, few
from core.charts.saved import Saved
from core.charts.style import NEUTRAL

#: How far a tangent reaches to either side, as a share of the axis.
REACH = 0.22


def tangent_chart(
    frame: pd.DataFrame,
    at: tuple[float, float],
    slope: float,
    *,
    domains: tuple[Domain, Domain],
    titles: tuple[str, str],
    saved: tuple[str, str],
    words: str,
    colour: str,
    height: int,
) -> Layered:
    """Return the curve (columns x and y) with its tangent at a point; `words` say the slope, over the plot.

    `saved`: what x and y are called in a file.
    """
    (left, right), y_domain = domains
    reach = REACH * (right - left)
    x, y = at
    ends = [{"x": x + d, "y": y + d * slope} for d in (-reach, reach)]
    place: dict[str, Any] = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    dot = {"filled": True, "size": 110, "opacity": 1, "color": colour, "clip": True}
    layers = [
        plane((left, right), y_domain, *titles),
        layer("line", {"color": NEUTRAL, "strokeWidth": 2, "clip": True}, **place),
        layer("line", {"color": colour, "strokeWidth": 3.5, "clip": True}, data=few(ends), **place),
        layer("point", dot, data=few([{"x": x, "y": y}]), **place),
        headline({"words": words}, colour),
    ]
    return stack(layers, csv_rows(frame, ["x", "y"]), height, saved=Saved(dict(zip("xy", saved, strict=True))))
