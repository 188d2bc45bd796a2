"""The units of a network at the player's step: each on its own, added up, and as kinks of the plane."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain
from core.charts.curves import HEADLINE, curves, curves_saved, packed_rows
from core.charts.fits import NOW, plane
from core.charts.layers import Layer, Layered, keep, label, layer, stack
from core.charts.rows import csv_rows, few
from core.charts.style import rate_styles
from core.charts.surfaces import surface_chart
from core.text import Text

_X: Domain = (-1.0, 1.0)
_DIGIT, _GAP = 7, 7  # px of a digit in the key, and between its entries: a third of a desktop holds those of 128 units
#: Kinks that add to the output beyond them, and those that take away.
RAISES, LOWERS = rate_styles(2)


def _params(step: int) -> list[Any]:
    return [alt.VariableParameter(name="step", value=step)]


def units_chart(lines: pd.DataFrame, *, y_domain: Domain, step: int, height: int) -> Layered:
    """What each unit adds, coloured from the leftmost kink (blue) to the rightmost (amber).

    `lines`: begin, end, line (1, 2, … the units in that order; 0 is left out), and lists x and y.
    """
    units = lines[lines["line"] > 0]
    count = int(units["line"].max())
    ramp = [style.colour for style in rate_styles(11)]
    places = [1 + (count - 1) * i / 10 for i in range(11)] if count > 1 else [1, 2]
    scale = alt.Scale(domain=places, range=ramp[: len(places)])
    look = {"strokeWidth": 2 if count <= 30 else 1.2, "opacity": 0.9}
    return stack(
        [plane(_X, y_domain, "x", "y"), curves(look, color=alt.Color("line:Q", scale=scale, legend=None))],
        packed_rows(units, ["begin", "end", "line"], {"x": _X, "y": y_domain}),
        height,
        _params(step),
        saved=curves_saved("unit"),
    )


def sums_chart(lines: pd.DataFrame, colour: str, text: Text, *, y_domain: Domain, step: int, height: int) -> Layered:
    """The sum of the first n units for some n, the last, in `colour`, being the network.

    `lines`: begin, end, line (n), and lists x and y.
    """
    counts = sorted(lines["line"].unique().tolist())
    colours = [*(style.colour for style in rate_styles(len(counts))[:-1]), colour]
    scale = alt.Scale(domain=counts, range=colours)
    shade = alt.Color("line:O", scale=scale, legend=None)
    return stack(
        [
            plane(_X, y_domain, "x", "y"),
            curves({"strokeWidth": 1.5}, where=f"datum.line < {counts[-1]}", color=shade),
            curves({"strokeWidth": 3}, where=f"datum.line === {counts[-1]}", color=shade),
            *_key(counts, colours, text),
        ],
        packed_rows(lines, ["begin", "end", "line"], {"x": _X, "y": y_domain}),
        height,
        _params(step),
        saved=curves_saved("units"),
    )


def _key(counts: Sequence[int], colours: Sequence[str], text: Text) -> list[Layer]:
    """How many units each line holds, in its colour, above the plot."""
    words = [*map(str, counts[:-1]), text("transformer.chart.all", count=counts[-1])]
    starts = accumulate((_DIGIT * len(w) + _GAP for w in words[:-1]), initial=0)
    rows = few([{"words": w, "colour": c, "x": x} for w, c, x in zip(words, colours, starts, strict=True)])
    look = {"align": "left", "baseline": "top"}
    place = alt.X("x:Q", scale=None, axis=None)
    shade = alt.Color("colour:N", scale=None)
    return [label(look, data=rows, x=place, y=alt.value(HEADLINE), text=alt.Text("words:N"), color=shade)]


def kinks_chart(
    kinks: pd.DataFrame, fits: pd.DataFrame, name: str, text: Text, *, z_domain: Domain, step: int, height: int
) -> Layered:
    """The fitted surface under the line along which each unit kinks it, edged in white to stand out anywhere.

    `kinks`: begin, end, x, y, x2, y2, weight, whose sign is the colour. `fits`: as for `surface_chart`.
    """
    chart = surface_chart(fits, name, text, z_domain=z_domain, step=step, height=height, legend=True)
    data = csv_rows(kinks, ["begin", "end", "x", "y", "x2", "y2", "weight"], name=None)
    ends: dict[str, Any] = {"x": alt.X("x:Q"), "y": alt.Y("y:Q"), "x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    edge = {"color": "white", "strokeWidth": 4.5, "opacity": 0.8, "clip": True}
    chart.layer.append(layer("rule", edge, data=data, transform=[keep(NOW)], **ends))
    for style, sign in ((RAISES, "datum.weight > 0"), (LOWERS, "datum.weight <= 0")):
        look = {"color": style.colour, "strokeDash": list(style.dash or (1, 0)), "strokeWidth": 2.5, "clip": True}
        chart.layer.append(layer("rule", look, data=data, transform=[keep(NOW), keep(sign)], **ends))
    return chart
