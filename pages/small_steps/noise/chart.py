"""Values in rows of dots, a row per group, moving with the player's step."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from core.charts.axes import Domain, Scale, loss_scale
from core.charts.fits import NOW
from core.charts.layers import Layer, Layered, keep, label, layer, make, stack
from core.charts.lines import colour_of
from core.charts.rows import csv_rows, few
from core.charts.saved import COUNTED, Saved
from core.charts.style import NEUTRAL, Style

_ROW = 56  # px a row
_ROOM = 16  # px above a row's dots, where its name stands
_HEAD = 22  # px above the first row, where the reference is named


@dataclass(frozen=True)
class CloudAxis:
    """The axis of the values, and the one of them that the rest is compared with."""

    title: str
    scale: Scale
    domain: Domain
    reference: float
    reference_name: str
    ticks: Sequence[float]
    format: str = "d"
    saved: str = "value"  # what a value is called in a file


def cloud_chart(
    frames: pd.DataFrame, names: Sequence[str], styles: Sequence[Style], axis: CloudAxis, *, step: int
) -> Layered:
    """A row of dots a name. `frames`: begin, end, name, values (a list, not a number where there is none), median.

    Values outside the domain lie on its edge.
    """
    low, high = axis.domain
    x_axis = alt.Axis(title=axis.title, values=list(axis.ticks), format=axis.format, grid=True)
    height = _HEAD + _ROW * len(names)
    rows = few([{"name": n, "place": _HEAD + _ROW * i + _ROOM / 2} for i, n in enumerate(names)])
    ground = layer(
        "point",
        {"opacity": 0, "aria": False},
        data=few([{}]),
        x=alt.XDatum(low, type="quantitative", scale=loss_scale(axis.scale, axis.domain), axis=x_axis),
        y=_place("zero"),
        transform=make(zero="0"),
    )
    where = few([{"at": axis.reference, "words": axis.reference_name}])
    at_right = axis.reference > (low * high) ** 0.5 if axis.scale == "log" else axis.reference > (low + high) / 2
    words = {"align": "right" if at_right else "left", "dx": -4 if at_right else 4, "color": NEUTRAL}
    row_of = f"indexof({[*names]!r}, datum.name)"
    dots = [
        keep(NOW),
        *make(word="split(datum.values, ' ')", i=f"sequence({len(frames['values'].iloc[0])})"),
        {"flatten": ["word", "i"]},
        keep("datum.word !== '?'"),
        # a place within the row that looks random and stays: multiples of the golden section
        *make(
            at=f"clamp(toNumber(datum.word), {low}, {high})",
            place=f"{_HEAD} + {_ROW} * {row_of} + {_ROOM} + {_ROW - _ROOM - 8} * ((datum.i * 0.61803) % 1)",
        ),
    ]
    middle = [
        keep(f"{NOW} && isValid(datum.median)"),
        *make(
            at=f"clamp(datum.median, {low}, {high})",
            top=f"{_HEAD} + {_ROW} * {row_of} + {_ROOM - 4}",
            bottom=f"datum.top + {_ROW - _ROOM}",
        ),
    ]
    colour = colour_of(names, styles)
    x = alt.X("at:Q")
    layers: list[Layer] = [
        ground,
        layer("rule", {"color": NEUTRAL, "strokeDash": [2, 2]}, data=where, x=x),
        label(words, data=where, x=x, y=alt.value(8), text=alt.Text("words:N")),
        label({"align": "left"}, data=rows, x=alt.value(2), y=_place("place"), text=alt.Text("name:N"), color=colour),
        layer("circle", {"size": 24, "opacity": 0.75}, transform=dots, x=x, y=_place("place"), color=colour),
        layer("rule", {"strokeWidth": 3}, transform=middle, x=x, y=_place("top"), y2=alt.Y2("bottom:Q"), color=colour),
    ]
    params = [alt.VariableParameter(name="step", value=step)]
    columns = {"begin": "step", "name": "batch", "draw": "draw", "values": axis.saved}
    saved = Saved(columns, lists=["values"], places={"draw": COUNTED})
    return stack(layers, _rows(frames), height, params, saved=saved)


def cloud_height(count: int) -> int:
    """Return the pixels of a plot with this many rows."""
    return _HEAD + _ROW * count


def _rows(frames: pd.DataFrame) -> alt.InlineData:
    shown = frames[["begin", "end", "median", "name"]].copy()
    shown["values"] = [" ".join(_cell(v) for v in np.asarray(values).tolist()) for values in frames["values"]]
    return csv_rows(shown, ["begin", "end", "median"], ["name", "values"])


def _cell(value: float) -> str:
    return f"{value:.3g}" if np.isfinite(value) else "?"


def _place(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None, axis=None)
