"""Any few series against the step: lines named at their ends, rules they cannot cross, moments marked on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.charts.axes import Axes, loss_axis, loss_scale
from core.charts.layers import TICKS, Layer, Layered, label, layer, stack
from core.charts.lines import End, colour_of, dash_of, fold, player_params, readings
from core.charts.rows import csv_rows, few
from core.charts.saved import lines_saved
from core.charts.style import NEUTRAL, Style
from core.text import Text


@dataclass(frozen=True)
class Rule:
    """A height that means something, and its name."""

    name: str
    value: float


@dataclass(frozen=True)
class Moment:
    """A point on a line that is pointed out in words."""

    step: int
    value: float
    words: str
    colour: str


def series_chart(
    frame: pd.DataFrame,
    names: Sequence[str],
    styles: Sequence[Style],
    text: Text,
    axes: Axes,
    *,
    saved: tuple[str, str],
    title: str = "",
    ground: Layer | None = None,
    rules: Sequence[Rule] = (),
    moments: Sequence[Moment] = (),
    dots: Sequence[Sequence[float]] = (),
    faint: Sequence[str] = (),
) -> Layered:
    """A line per column c0, c1, … of `frame` (a row a step, `step` among the columns), named at its end.

    `saved`: what tells the lines apart where they are saved, and what their values are. `ground` carries other axes
    than those of `axes`; `dots` are steps of each line that are marked, `faint` names the lines that stand back.
    """
    columns = [f"c{i}" for i in range(len(names))]
    folded = fold(columns, {"name": "datum.key", "smooth": axes.shown("datum.value")})
    colour, dash = colour_of(columns, styles), dash_of(columns, styles)
    back = [c for c, name in zip(columns, names, strict=True) if name in faint]
    opacity: dict[str, Any] = {}
    if back:
        seen = alt.Scale(domain=columns, range=[0.35 if c in back else 1 for c in columns])
        opacity["opacity"] = alt.Opacity("name:N", scale=seen, legend=None)
    look = {"strokeWidth": 2.5, "clip": True}
    x, y = alt.X("step:Q"), alt.Y("smooth:Q")
    line = layer("line", look, transform=folded, x=x, y=y, color=colour, strokeDash=dash, **opacity)
    last = frame[columns].iloc[-1].astype(float)
    ends = [End(n, v, s.colour) for n, v, s in zip(names, last, styles, strict=True)]
    ends += [End(rule.name, rule.value, NEUTRAL) for rule in rules]
    over = readings(axes, text, columns, names, folded, ends=ends, marks=_moments(moments, axes))
    return stack(
        [ground or axes.frame(text, title), *_rules(rules, axes), line, *_dots(dots, frame, styles, axes), *over],
        csv_rows(frame, ["step", *columns]),
        axes.height,
        player_params(axes.step),
        saved=lines_saved([{saved[0]: name} for name in names], columns, saved[1]),
    )


def ground_layer(
    axes: Axes,
    title: str,
    x_title: str,
    *,
    bent: bool = False,
    x_ticks: Sequence[float] = (),
    y_ticks: Sequence[float] = (),
) -> Layer:
    """The empty layer with the axes, ticks where they are wanted; `bent` draws steps closer the later they are."""
    scale = alt.Scale(type="symlog" if bent else "linear", domain=[0, axes.steps], nice=False)
    x_axis = alt.Axis(title=x_title, format="d", grid=False, **_ticks(x_ticks, alt.expr(TICKS)))
    y_axis = loss_axis(title, axes.scale, axes.domain, max(2, axes.height // 60))
    if y_ticks:
        y_axis.values = list(y_ticks)
    return layer(
        "point",
        {"opacity": 0, "aria": False},
        data=few([{}]),
        x=alt.XDatum(0, type="quantitative", scale=scale, axis=x_axis),
        y=alt.YDatum(axes.domain[0], type="quantitative", scale=loss_scale(axes.scale, axes.domain), axis=y_axis),
    )


def _ticks(ticks: Sequence[float], count: Any) -> dict[str, Any]:
    return {"values": list(ticks)} if ticks else {"tickCount": count}


def _rules(rules: Sequence[Rule], axes: Axes) -> list[Layer]:
    low, high = axes.domain
    shown = [{"value": rule.value} for rule in rules if low <= rule.value <= high]
    look = {"color": NEUTRAL, "strokeDash": [2, 2]}
    return [layer("rule", look, data=few(shown), y=alt.Y("value:Q"))] if shown else []


def _dots(dots: Sequence[Sequence[float]], frame: pd.DataFrame, styles: Sequence[Style], axes: Axes) -> list[Layer]:
    """Dots on the lines, where these are in sight."""
    (low, high), rows = axes.domain, []
    for i, (steps, style) in enumerate(zip(dots, styles, strict=False)):
        values = np.interp(steps, frame["step"], frame[f"c{i}"].astype(float))
        rows += [
            {"step": float(step), "value": float(value), "colour": style.colour}
            for step, value in zip(steps, values, strict=True)
            if low <= value <= high
        ]
    look = {"size": 22, "filled": True, "opacity": 1}
    colour = alt.Color("colour:N", scale=None)
    return [layer("point", look, data=few(rows), x=alt.X("step:Q"), y=alt.Y("value:Q"), color=colour)] if rows else []


def _moments(moments: Sequence[Moment], axes: Axes) -> list[Layer]:
    """A ring on the line, and words above it towards the middle of the plot."""
    layers: list[Layer] = []
    for moment in moments:
        left = moment.step > axes.steps / 2
        data = few([{"step": moment.step, "value": moment.value, "words": moment.words}])
        place: dict[str, Any] = {"data": data, "x": alt.X("step:Q"), "y": alt.Y("value:Q")}
        ring = {"size": 150, "strokeWidth": 2.5, "filled": False, "opacity": 1, "color": moment.colour}
        side = {"align": "right" if left else "left", "dx": -4 if left else 4, "dy": -24, "color": moment.colour}
        layers += [layer("point", ring, **place), label(side, **place, text=alt.Text("words:N"))]
    return layers
