"""The end of training against the width of the network, a line per activation, both axes logarithmic."""

import math
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain, loss_axis, loss_scale
from core.charts.labels import spread
from core.charts.layers import LINE, Layer, Layered, label, layer, pixels, stack
from core.charts.lines import colour_of, dash_of
from core.charts.rows import few, json_rows
from core.charts.saved import Saved
from core.charts.style import NEUTRAL, Style
from core.text import Text


def widths_chart(
    frame: pd.DataFrame,
    names: Mapping[str, str],
    styles: Mapping[str, Style],
    text: Text,
    *,
    loss_name: str,
    domain: Domain,
    floor: float,
    height: int,
) -> Layered:
    """Median line and band over seeds for each activation, over the noise floor as a rule.

    `frame`: activation, width, median, low, high. `names`: what each activation is called.
    """
    shown = frame.assign(name=frame["activation"].map(names))
    series = list(names.values())
    looks = [styles[a] for a in names]
    colour, dash = colour_of(series, looks), dash_of(series, looks)
    x = alt.X("width:Q")
    common: dict[str, Any] = {"x": x, "color": colour}
    tips = [
        alt.Tooltip("name:N", title=text("control.act")),
        alt.Tooltip("width:Q", title=text("control.width")),
        *(
            alt.Tooltip(f"{c}:Q", title=text(f"transformer.widths.{c}"), format=".3~g")
            for c in ("median", "low", "high")
        ),
    ]
    dots = {"filled": True, "size": 55, "opacity": 1, "clip": True}
    middle = alt.Y("median:Q")
    layers = [
        _frame(frame["width"].unique().tolist(), domain, text, loss_name),
        layer("area", {"opacity": 0.14, "clip": True}, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), **common),
        layer("rule", {"color": NEUTRAL, "strokeDash": [2, 2]}, data=few([{"floor": floor}]), y=alt.Y("floor:Q")),
        layer("line", {"strokeWidth": 2.5, "clip": True}, y=middle, strokeDash=dash, **common),
        layer("point", dots, y=middle, tooltip=tips, **common),
        _ends(shown, series, looks, text("transformer.widths.floor"), floor, domain, height),
    ]
    losses = {loss: f"{loss}_loss" for loss in ("median", "low", "high")}
    saved = Saved({"name": "activation", "width": "width", **losses})
    return stack(layers, json_rows(shown, ["width", *losses], ["name"]), height, saved=saved)


def _frame(widths: list[int], domain: Domain, text: Text, loss_name: str) -> Layer:
    axis = alt.Axis(title=text("control.width"), values=sorted(widths), format="d", grid=False)
    limits = (min(widths) / 1.15, max(widths) * 1.15)
    title = text("chart.axis.final_loss", loss=loss_name)
    return layer(
        "point",
        {"opacity": 0, "aria": False},
        data=few([{}]),
        x=alt.XDatum(limits[0], type="quantitative", scale=loss_scale("log", limits), axis=axis),
        y=alt.YDatum(
            domain[0], type="quantitative", scale=loss_scale("log", domain), axis=loss_axis(title, "log", domain)
        ),
    )


def _ends(
    shown: pd.DataFrame,
    series: list[str],
    looks: list[Style],
    floor_name: str,
    floor: float,
    domain: Domain,
    height: int,
) -> Layer:
    """Names right of the plot, at the height of each line's end."""
    widest = shown[shown["width"] == shown["width"].max()].set_index("name")["median"]
    low, high = domain
    values = [min(max(float(widest.get(n, high)), low), high) if widest.notna().get(n, False) else high for n in series]
    names = [*zip(series, values, (look.colour for look in looks), strict=True), (floor_name, max(floor, low), NEUTRAL)]
    places = spread([v for _, v, _ in names], low, high, LINE / height * math.log10(high / low), log=True)
    rows = few([{"name": n, "colour": c, "place": p} for (n, _, c), p in zip(names, places, strict=True)])
    shade = alt.Color("colour:N", scale=None)
    return label(
        {"align": "left"}, data=rows, x=pixels("width + 8"), y=alt.Y("place:Q"), text=alt.Text("name:N"), color=shade
    )
