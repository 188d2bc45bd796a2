"""One unit set by hand: its line and what the activation makes of it; an activation beside its derivative."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain
from core.charts.fits import plane
from core.charts.labels import spread
from core.charts.layers import LINE, Layer, Layered, keep, label, layer, make, pixels, stack
from core.charts.rows import few, json_rows
from core.charts.saved import Saved
from core.charts.style import NEUTRAL, rate_styles

_X: Domain = (-1.0, 1.0)
#: The line, what the activation makes of it, and what the unit adds.
LINE_COLOUR, WRAPPED, ADDED = NEUTRAL, *(style.colour for style in rate_styles(2))
#: The columns of both charts as files call them.
_CALLED = {"x": "x", "z": "pre_activation", "a": "activation", "out": "output", "slope": "slope"}
_FAR = 10.0  # heights beyond this many times the domain are drawn no higher


def unit_chart(frame: pd.DataFrame, *, y_domain: Domain, height: int) -> Layered:
    """The line z, activation(z), and what the unit adds, named at their ends; columns x, z, a, out."""
    looks: dict[str, dict[str, Any]] = {
        "z": {"color": LINE_COLOUR, "strokeDash": [4, 3], "strokeWidth": 2},
        "a": {"color": WRAPPED, "strokeWidth": 2.5},
        "out": {"color": ADDED, "strokeWidth": 3.5, "strokeDash": [10, 3]},
    }
    names = {"z": "w·x + b", "a": "a(w·x + b)", "out": "v·a(w·x + b)"}
    low, high = y_domain
    last = [min(max(float(frame[c].iloc[-1]), low), high) for c in looks]
    places = spread(last, low, high, LINE / height * (high - low))
    rows = few(
        [
            {"name": names[c], "colour": look["color"], "place": place}
            for (c, look), place in zip(looks.items(), places, strict=True)
        ]
    )
    far = {c: f"clamp(datum.{c}, {_FAR * low:g}, {_FAR * high:g})" for c in looks}
    lines = [
        layer("line", {"clip": True} | look, transform=make(near=far[c]), x=alt.X("x:Q"), y=alt.Y("near:Q"))
        for c, look in looks.items()
    ]
    shade = alt.Color("colour:N", scale=None)
    ends = label(
        {"align": "left"}, data=rows, x=pixels("width + 8"), y=alt.Y("place:Q"), text=alt.Text("name:N"), color=shade
    )
    return _stacked([plane(_X, y_domain, "x", ""), *lines, ends], frame, ["x", "z", "a", "out"], height)


def activation_chart(
    frame: pd.DataFrame, column: str, reached: Domain, *, colour: str, title: str, y_domain: Domain, height: int
) -> Layered:
    """A function of z, strong where the data take it, a bar along the axis; `frame`: columns z and `column`."""
    x, y = alt.X("z:Q"), alt.Y(f"{column}:Q")
    faint = {"color": colour, "strokeWidth": 1.5, "opacity": 0.55, "clip": True}
    strong = {"color": colour, "strokeWidth": 4, "clip": True}
    low, high = reached
    here = keep(f"datum.z >= {low:g} && datum.z <= {high:g}")
    bar = few([{"low": low, "high": high, "at": y_domain[0]}])
    span: dict[str, Any] = {"x": alt.X("low:Q"), "x2": alt.X2("high:Q"), "y": alt.Y("at:Q")}
    ends = (float(frame["z"].iloc[0]), float(frame["z"].iloc[-1]))
    return _stacked(
        [
            plane(ends, y_domain, "z", title, x_ticks=range(round(ends[0]), round(ends[1]) + 1, 2)),
            layer("rule", {"color": NEUTRAL, "strokeWidth": 9, "opacity": 0.6, "clip": True}, data=bar, **span),
            layer("line", faint, x=x, y=y),
            layer("line", strong, transform=[here], x=x, y=y),
        ],
        frame,
        ["z", column],
        height,
    )


def _stacked(layers: Sequence[Layer], frame: pd.DataFrame, columns: Sequence[str], height: int) -> Layered:
    return stack(layers, json_rows(frame, columns), height, saved=Saved({name: _CALLED[name] for name in columns}))
