"""Loss against step for optimizers on all data, and against the tries of a reader."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Axes, Domain, Scale, loss_axis, loss_scale
from core.charts.formulas import TRIED
from core.charts.layers import TICKS, Layered, layer, stack
from core.charts.lines import End, colour_of, dash_of, fold, player_params, readings
from core.charts.rows import csv_rows, json_rows
from core.charts.saved import Saved, lines_saved
from core.charts.style import NEUTRAL, OPTIMIZERS, Style
from core.text import Text

#: How an algorithm that is no optimizer is drawn: in steps.
OTHER = Style(NEUTRAL)


def loss_chart(
    frame: pd.DataFrame, title: str, axes: Axes, text: Text, *, stepped: Mapping[str, str] | None = None
) -> Layered:
    """Loss against step with the player's cursor and a hover rule, a line per column of `frame` beside `step`.

    `stepped`: the columns that are no optimizers, drawn as stairs, and what they are called.
    """
    columns = [str(c) for c in frame if c != "step"]
    called = dict.fromkeys(columns, "") | {c: c for c in columns} | dict(stepped or {})
    styles = [OPTIMIZERS.get(c, OTHER) for c in columns]
    folded = fold(columns, {"name": "datum.key", "smooth": axes.shown("datum.value")})
    place: dict[str, Any] = {"x": alt.X("step:Q"), "y": alt.Y("smooth:Q"), "color": colour_of(columns, styles)}
    look = {"strokeWidth": 2.5, "clip": True}
    layers = [axes.frame(text, title)]
    for kind, interpolate in ((set(columns) - set(stepped or {}), "linear"), (set(stepped or {}), "step-after")):
        if kind:
            mine = [*folded, {"filter": {"field": "key", "oneOf": sorted(kind)}}]
            shape = look | {"interpolate": interpolate}
            layers.append(layer("line", shape, transform=mine, strokeDash=dash_of(columns, styles), **place))
    names = [called[c] for c in columns]
    last = frame[columns].iloc[-1].astype(float)
    ends = [End(called[c], float(last[c]), s.colour) for c, s in zip(columns, styles, strict=True)]
    layers += readings(axes, text, columns, names, folded, ends=ends)
    return stack(
        layers,
        csv_rows(frame, ["step", *columns]),
        axes.height,
        player_params(axes.step),
        saved=lines_saved([{"optimizer": name} for name in names], columns, "loss"),
    )


def tries_chart(tries: pd.DataFrame, scale: Scale, domain: Domain, text: Text, height: int = 300) -> Layered:
    """Loss against the number of the try, and as a thin line the best so far; columns number, loss, best."""
    last = max(10, int(tries["number"].max()))
    count: dict[str, Any] = {"title": text("unknowns.axis.tries"), "format": "d", "tickMinStep": 1}
    steps = alt.Axis(**count, tickCount=alt.expr(TICKS), grid=False)
    title = text("unknowns.axis.loss")
    # One data set only, and no layer with a dataset of its own: of two, Streamlit would fill the wrong one.
    x = alt.X("number:Q", scale=alt.Scale(domain=[0, last], nice=False), axis=steps)
    y: dict[str, Any] = {"scale": loss_scale(scale, domain), "axis": loss_axis(title, scale, domain)}
    best = {"color": NEUTRAL, "strokeWidth": 2, "interpolate": "step-after", "clip": True}
    thin = {"color": TRIED, "strokeWidth": 1, "opacity": 0.6, "clip": True}
    dots = {"color": TRIED, "size": 50, "opacity": 1, "clip": True}
    tips = [
        alt.Tooltip("number:Q", title=text("unknowns.axis.tries"), format="d"),
        alt.Tooltip("loss:Q", title=title, format=".3~g"),
        alt.Tooltip("best:Q", title=text("unknowns.axis.best"), format=".3~g"),
    ]
    layers = [
        layer("line", best, x=x, y=alt.Y("best:Q", **y)),
        layer("line", thin, x=x, y=alt.Y("loss:Q")),
        layer("circle", dots, x=x, y=alt.Y("loss:Q"), tooltip=tips),
    ]
    saved = Saved({"number": "try", "loss": "loss", "best": "best_loss"})
    return stack(layers, json_rows(tries, ["number", "loss", "best"]), height, saved=saved)
