"""Curves of a residual, a logit or a coefficient that do not move with training: named lines on fixed axes."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Axes, Domain, loss_axis, loss_scale, powers_of_ten
from core.charts.layers import TICKS, Layer, Layered, keep, label, layer, make, pixels, stack
from core.charts.lines import End, colour_of, dash_of, end_labels, fold
from core.charts.rows import few, json_rows
from core.charts.saved import lines_saved
from core.charts.style import DIVERGED, NEUTRAL, Style

#: The colours of a curve, of what back-propagation says of it, and of the finite difference.
CURVE, TANGENT, SECANT = "#1795FA", "#F25914", "#8E3BD2"
_HEIGHT = 260


def _ground(x: Domain, y: Domain, x_title: str, y_title: str) -> Layer:
    """An empty layer that carries both fixed scales and axes."""
    x_axis = alt.Axis(title=x_title, tickCount=alt.expr(TICKS), grid=False, format="~g")
    x_scale = alt.Scale(domain=list(x), nice=False, zero=False)
    return layer(
        "point",
        {"opacity": 0, "aria": False},
        data=few([{}]),
        x=alt.XDatum(x[0], type="quantitative", scale=x_scale, axis=x_axis),
        y=alt.YDatum(y[0], type="quantitative", scale=loss_scale("linear", y), axis=loss_axis(y_title, "linear", y)),
    )


def _axis_lines(x: Domain, y: Domain) -> list[Layer]:
    """Rules through 0, where it lies within."""
    look = {"color": NEUTRAL, "strokeWidth": 1, "aria": False}
    rules = [layer("rule", look, data=few([{}]), y=alt.YDatum(0))] if y[0] < 0 < y[1] else []
    return rules + ([layer("rule", look, data=few([{}]), x=alt.XDatum(0))] if x[0] < 0 < x[1] else [])


def curves_chart(
    frame: pd.DataFrame,
    columns: Sequence[str],
    labels: Sequence[str],
    styles: Sequence[Style],
    *,
    domain: Domain,
    x_title: str,
    y_title: str,
    saved: tuple[str, str],
    here: tuple[float, float, str] | None = None,
    height: int = _HEIGHT,
) -> Layered:
    """A line per loss, a column of `frame` over its column x, each named at its end; a gap where a value is missing.

    `domain` is of the values; where a line leaves it, its name says so by an arrow. `saved`: what x and the values
    are called in a file. `here`: x and value of a dot, and the words beside it.
    """
    far = 3 * (domain[1] - domain[0])
    fields = {
        "line": "datum.key",
        "y": f"isValid(datum.value) ? clamp(datum.value, {domain[0] - far:g}, {domain[1] + far:g}) : null",
    }
    colour, dash = colour_of(columns, styles), dash_of(columns, styles)
    colour.shorthand, dash.shorthand = "line:N", "line:N"
    x: Domain = (float(frame["x"].iloc[0]), float(frame["x"].iloc[-1]))
    look = {"strokeWidth": 2.5, "clip": True}
    lines = layer(
        "line",
        look,
        transform=fold(columns, fields),
        x=alt.X("x:Q"),
        y=alt.Y("y:Q"),
        color=colour,
        strokeDash=dash,
    )
    last = frame[list(columns)].iloc[-1].astype(float)
    ends = [End(n, v, s.colour) for n, v, s in zip(labels, last, styles, strict=True)]
    axes = Axes("", 0, 0, 0.0, domain=domain, height=height)
    shown = {f"t{i}": f"isValid(datum['{c}']) ? format(datum['{c}'], '.3~g') : '–'" for i, c in enumerate(columns)}
    tips = [alt.Tooltip("x:Q", title=x_title, format=".3~g")]
    tips += [alt.Tooltip(f"t{i}:N", title=name) for i, name in enumerate(labels)]
    catch = layer("rule", {"opacity": 0, "strokeWidth": 4}, transform=make(**shown), x=alt.X("x:Q"), tooltip=tips)
    layers = [_ground(x, domain, x_title, y_title), *_axis_lines(x, domain), lines, *end_labels(ends, axes), catch]
    layers += _dot(here, x, domain) if here else []
    table = lines_saved([{"loss_function": name} for name in labels], columns, saved[1], along=("x", saved[0]))
    return stack(layers, json_rows(frame, ["x", *columns]), height, saved=table)


def _dot(here: tuple[float, float, str], x: Domain, y: Domain) -> list[Layer]:
    """A dot with words beside it, where there is room; on the edge where it would lie outside."""
    at, value = (min(max(v, low), high) for v, (low, high) in zip(here[:2], (x, y), strict=True))
    place: dict[str, Any] = {"data": few([{"x": at, "y": value}]), "x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    left = at > x[0] + 0.75 * (x[1] - x[0])
    words = {"align": "right" if left else "left", "dx": -9 if left else 9, "dy": -9, "color": NEUTRAL, "text": here[2]}
    return [
        layer("point", {"filled": True, "size": 110, "opacity": 1, "color": NEUTRAL}, **place),
        label(words, **place),
    ]


def coefficient_chart(
    curve: pd.DataFrame,
    *,
    at: float,
    value: float,
    slope: float,
    secant: pd.DataFrame,
    domain: Domain,
    x_title: str,
    y_title: str,
    names: tuple[str, str],
    height: int = _HEIGHT,
) -> Layered:
    """The loss as a function of one coefficient: `curve` x, y, its tangent at `at`, and the `secant` x, y.

    `names`: of the tangent and of the secant.
    """
    x: Domain = (float(curve["x"].iloc[0]), float(curve["x"].iloc[-1]))
    reach = (x[1] - x[0]) / 2
    tangent = [{"x": at + side * reach, "y": value + side * reach * slope} for side in (-1, 1)]
    place: dict[str, Any] = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    tied = few(secant[["x", "y"]].to_dict("records"))
    words = few([{"row": 0, "name": names[0], "colour": TANGENT}, {"row": 1, "name": names[1], "colour": SECANT}])
    key = {"x": alt.value(8), "y": alt.Y("y:Q", scale=None, axis=None), "color": alt.Color("colour:N", scale=None)}
    layers = [
        _ground(x, domain, x_title, y_title),
        layer("line", {"color": CURVE, "strokeWidth": 3, "clip": True}, x=alt.X("value:Q"), y=alt.Y("loss:Q")),
        layer("line", {"color": TANGENT, "strokeWidth": 2, "clip": True}, data=few(tangent), **place),
        layer("line", {"color": SECANT, "strokeWidth": 2, "strokeDash": [5, 3], "clip": True}, data=tied, **place),
        layer("point", {"color": SECANT, "size": 45, "filled": True, "clip": True, "opacity": 1}, data=tied, **place),
        layer(
            "point",
            {"color": TANGENT, "size": 90, "filled": True, "opacity": 1},
            data=few([{"x": at, "y": value}]),
            **place,
        ),
        label({"align": "left"}, data=words, transform=make(y="12 + 16 * datum.row"), text=alt.Text("name:N"), **key),
    ]
    rows = curve.rename(columns={"x": "value", "y": "loss"})  # Streamlit shows its reader the rows as they are
    return stack(layers, json_rows(rows, ["value", "loss"]), height)


def difference_chart(
    frame: pd.DataFrame, *, eps: float, limits: Domain, domain: Domain, x_title: str, y_title: str, here: str
) -> Layered:
    """|difference| between two derivatives against ε, both log: `frame` x, y; the chosen ε is ringed and named."""
    x_axis = alt.Axis(title=x_title, values=powers_of_ten(limits)[::2], format="~g", grid=False)
    place: dict[str, Any] = {"x": alt.X("epsilon:Q"), "y": alt.Y("difference:Q")}
    chosen = keep(f"abs(log(datum.epsilon / {eps!r})) < 1e-6")
    # on the rows themselves: Streamlit takes a lone data set of furniture for the chart's own
    ground = layer(
        "point",
        {"opacity": 0, "aria": False},
        x=alt.XDatum(limits[0], type="quantitative", scale=loss_scale("log", limits), axis=x_axis),
        y=alt.YDatum(
            domain[0],
            type="quantitative",
            scale=loss_scale("log", domain),
            axis=alt.Axis(
                title=y_title,
                values=powers_of_ten(domain)[::3],
                format="~g",
                grid=True,
                titleAngle=0,
                titleAlign="left",
                titleAnchor="start",
                titleBaseline="bottom",
                titleX=0,
                titleY=-8,
            ),
        ),
    )
    ring = {"color": DIVERGED, "size": 170, "strokeWidth": 2.5, "filled": False, "opacity": 1}
    tips = [
        alt.Tooltip("epsilon:Q", title=x_title, format="~g"),
        alt.Tooltip("difference:Q", title=y_title, format=".2~g"),
    ]
    layers = [
        ground,
        layer("line", {"color": SECANT, "strokeWidth": 2.5}, **place),
        layer("point", {"color": SECANT, "size": 45, "filled": True, "opacity": 1}, tooltip=tips, **place),
        layer("point", ring, transform=[chosen], **place),
        label(
            {"text": here, "color": DIVERGED, "align": "center"},
            transform=[chosen],
            x=alt.X("epsilon:Q"),
            y=pixels("12"),
        ),
    ]
    rows = frame.rename(columns={"x": "epsilon", "y": "difference"})
    return stack(layers, json_rows(rows, ["epsilon", "difference"]), _HEIGHT)
