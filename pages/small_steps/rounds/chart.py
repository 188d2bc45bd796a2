"""Steps to each target of a ladder: a row a target, a dot a training, and how many got there at its right."""

import math

import altair as alt
import pandas as pd

from core.charts.layers import TICKS, Layered, label, layer, pixels, stack
from core.charts.rows import few, json_rows
from core.charts.saved import Saved
from core.charts.style import NEUTRAL, Style
from core.text import Text
from core.text.numbers import percent, sig

_ROW, _HEAD = 44, 8  # px a row, and above the first one
_BAND = 26  # px in which a row's dots lie


def rounds_chart(first: pd.DataFrame, summary: pd.DataFrame, style: Style, steps: int, text: Text) -> Layered:
    """`first`: target, run, step (inf where never); `summary`: target, share in [0, 1], median, from easy to hard."""
    places = {target: _HEAD + _ROW * i + _ROW / 2 for i, target in enumerate(summary["target"])}
    there = first[first["step"] < math.inf].copy()
    there["row"] = [places[t] for t in there["target"]]
    # dots of one step lie apart: multiples of the golden section
    there["place"] = there["row"] + [_BAND * ((i * 0.61803) % 1 - 0.5) for i in there["run"]]
    middle = few(
        [
            {"median": row["median"], "top": places[row["target"]] - _ROW / 2 + 5, "bottom": places[row["target"]] + 17}
            for row in summary.to_dict("records")
            if math.isfinite(row["median"])
        ]
    )
    named = few(
        [
            {
                "place": places[row["target"]],
                "name": text("small_steps.rounds.row", target=sig(row["target"])),
                "share": percent(row["share"]),
            }
            for row in summary.to_dict("records")
        ]
    )
    axis = alt.Axis(title=text("chart.axis.step"), format="d", tickCount=alt.expr(TICKS), grid=False)
    scale = alt.Scale(domain=[0, steps], nice=False)
    ground = layer(
        "point",
        {"opacity": 0, "aria": False},
        data=few([{}]),
        x=alt.XDatum(0, type="quantitative", scale=scale, axis=axis),
    )
    tips = [
        alt.Tooltip("run:Q", title=text("small_steps.rounds.seed"), format="d"),
        alt.Tooltip("target:Q", title=text("small_steps.rounds.target"), format=".3~g"),
        alt.Tooltip("step:Q", title=text("chart.axis.step"), format="d"),
    ]
    dots = {"size": 26, "opacity": 0.75, "color": style.colour}
    layers = [
        ground,
        layer("rule", {"color": NEUTRAL, "opacity": 0.35}, data=named, y=_place("place")),
        layer("circle", dots, x=alt.X("step:Q"), y=_place("place"), tooltip=tips),
        layer("rule", {"strokeWidth": 3, "color": style.colour}, data=middle, x=alt.X("median:Q"), **_span()),
        label(
            {"align": "right", "color": NEUTRAL},
            data=named,
            x=alt.value(-8),
            y=_place("place"),
            text=alt.Text("name:N"),
        ),
        label(
            {"align": "left", "color": NEUTRAL},
            data=named,
            x=pixels("width + 8"),
            y=_place("place"),
            text=alt.Text("share:N"),
        ),
    ]
    data = json_rows(there, ["target", "run", "step", "place"])
    saved = Saved({"target": "target", "run": "seed", "step": "step"})
    return stack(layers, data, _HEAD + _ROW * len(summary), saved=saved)


def _place(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def _span() -> dict:
    return {"y": _place("top"), "y2": alt.Y2("bottom:Q")}
