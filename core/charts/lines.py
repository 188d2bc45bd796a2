"""Layers that the race and the small multiples share: points at a step, hover, names at line ends."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from core.charts.axes import Axes, cursor_rule, target_rule
from core.charts.labels import spread
from core.charts.layers import LINE, Layer, Transform, keep, label, layer, make, pixels
from core.charts.rows import ENDLESS, few
from core.charts.style import NEUTRAL, Style
from core.text import Text
from core.text.numbers import sig

_SOLID = (1, 0)
_HOVER = "hover"  # the selection of the step under the pointer
_STEPS = "steps"  # the layer it is made on
_AT_POINTER = {"param": _HOVER, "empty": False}


@dataclass(frozen=True)
class End:
    """The right end of a line: its name, its last loss (not finite if it diverged), its colour."""

    name: str
    value: float
    colour: str


def colour_of(names: Sequence[str], styles: Sequence[Style]) -> alt.Color:
    """The colour of a line by the field `name`."""
    scale = alt.Scale(domain=list(names), range=[s.colour for s in styles])
    return alt.Color("name:N", scale=scale, legend=None)


def dash_of(names: Sequence[str], styles: Sequence[Style]) -> alt.StrokeDash:
    """The dash of a line by the field `name`."""
    scale = alt.Scale(domain=list(names), range=[list(s.dash or _SOLID) for s in styles])
    return alt.StrokeDash("name:N", scale=scale, legend=None)


def fold(columns: Sequence[str], fields: Mapping[str, str]) -> list[Transform]:
    """Long rows, `key` and `value`, from wide ones, and fields made of them."""
    return [{"fold": list(columns), "as": ["key", "value"]}, *make(**fields)]


def readings(
    axes: Axes,
    text: Text,
    columns: Sequence[str],
    labels: Sequence[str],
    folded: list[Transform],
    *,
    ends: Sequence[End],
    marks: Sequence[Layer] = (),
    name_target: bool = True,
) -> list[Layer]:
    """What lies over the lines of `columns`: target, the player's cursor, marks, names, hover.

    Needs `player_params` on the chart; `folded`: the transforms that make `name` and `smooth`.
    """
    seen = axes.domain[0] <= axes.target <= axes.domain[1]
    if seen and name_target:
        words = text("chart.target.label", value=sig(axes.target))
        ends = [*ends, End(words, axes.target, NEUTRAL)]
    return [
        *([target_rule(axes.target)] if seen else []),
        cursor_rule(),
        _points_at("datum.step === step", folded),
        *marks,
        *end_labels(ends, axes),
        _points_at(_AT_POINTER, folded),
        *_hover(text, columns, labels),
    ]


def player_params(step: int) -> list[Any]:
    """The player's `step`, and the selection that follows the pointer."""
    over = alt.PointSelectionConfig(type="point", on="pointermove", clear="pointerout", fields=["step"], toggle=False)
    return [
        alt.VariableParameter(name="step", value=step),
        alt.TopLevelSelectionParameter(name=_HOVER, select=over, views=[_STEPS]),
    ]


def _points_at(where: str | dict[str, Any], folded: list[Transform]) -> Layer:
    """A point on every line at the steps that `where` lets through."""
    look = {"filled": True, "size": 70, "opacity": 1, "clip": True}
    x, y, colour = alt.X("step:Q"), alt.Y("smooth:Q"), alt.Color("name:N")
    return layer("point", look, transform=[keep(where), *folded], x=x, y=y, color=colour)


def _hover(text: Text, columns: Sequence[str], labels: Sequence[str]) -> list[Layer]:
    """A rule at the step under the pointer, and a strip per step that catches it and shows all values there.

    To be the last layers, as whatever lies above keeps the pointer from them.
    """
    fields = {f"t{i}": said(f"datum['{c}']") for i, c in enumerate(columns)}
    fields |= {"before": "datum.step - 0.5", "after": "datum.step + 0.5"}
    tips = [alt.Tooltip("step:Q", title=text("chart.axis.step"), format="d")]
    tips += [alt.Tooltip(f"t{i}:N", title=name) for i, name in enumerate(labels)]
    look = {"color": NEUTRAL, "strokeDash": [3, 3]}
    rule = layer("rule", look, transform=[keep(_AT_POINTER)], x=alt.X("step:Q"))
    x, x2 = alt.X("before:Q"), alt.X2("after:Q")
    hidden = {"opacity": 0, "clip": True, "aria": False}
    catch = layer("rect", hidden, transform=make(**fields), x=x, x2=x2, tooltip=tips)
    catch.name = _STEPS
    return [rule, catch]


def said(value: str) -> str:
    """A Vega expression for a loss in words: "–" for none, "∞" where it is infinite or stands for that."""
    return f"!isValid({value}) ? '–' : {value} < {ENDLESS:g} ? format({value}, '.3~g') : '∞'"


def end_labels(ends: Sequence[End], axes: Axes) -> list[Layer]:
    """Names right of the plot, apart from each other, each tied to its line's end by a short stroke.

    A name at the edge says where its line went: ↑ above, ↓ below, × no longer a number.
    """
    low, high = axes.domain
    edges = [min(max(e.value, low), high) if math.isfinite(e.value) else high for e in ends]
    places = spread(edges, low, high, axes.room(LINE), axes.scale == "log")
    rows = few(
        [
            {"name": _pointed(e, low, high), "colour": e.colour, "place": place}
            | {"end": edge if math.isfinite(e.value) else None}
            for e, edge, place in zip(ends, edges, places, strict=True)
        ]
    )
    colour, y = alt.Color("colour:N", scale=None), alt.Y("place:Q")
    tie: dict[str, Any] = {
        "x": pixels("width"),
        "x2": pixels("width + 9"),
        "y": alt.Y("end:Q"),
        "y2": alt.Y2("place:Q"),
    }
    return [
        layer("rule", data=rows, **tie, color=colour),
        label({"align": "left"}, data=rows, x=pixels("width + 12"), y=y, text=alt.Text("name:N"), color=colour),
    ]


def _pointed(end: End, low: float, high: float) -> str:
    if not math.isfinite(end.value):
        return f"{end.name} ×"
    if end.value > high:
        return f"{end.name} ↑"
    return f"{end.name} ↓" if end.value < low else end.name
