"""Runs that failed, drawn where it happened."""

import math
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Axes
from core.charts.layers import LINE, Layer, keep, label, layer
from core.charts.rows import few

_SHAPES = {"diverged": "M-.6,-.6L.6,.6M.6,-.6L-.6,.6", "collapsed": "diamond"}


def event_marks(events: pd.DataFrame, lines: pd.DataFrame, colours: Mapping[str, str], axes: Axes) -> list[Layer]:
    """A mark and its words in rows under the top edge: × where a run diverged, ◇ where one collapsed.

    `events`: columns name, step, kind and, for words, label. A collapsed run's ◇ also sits on its line,
    the column of that name in `lines`.
    """
    rows: list[dict] = []
    worded = 0
    for event in events.sort_values("step").to_dict("records"):
        row = axes.moved(math.nan, -10 - LINE * worded)
        worded += bool(event.get("label"))
        at = lines.loc[lines["step"] == event["step"], event["name"]].astype(float)
        on_line = event["kind"] == "collapsed" and len(at) > 0
        place = axes.moved(float(at.iloc[0]), 0) if on_line else row
        look = {"colour": colours[event["name"]], "shape": _SHAPES[event["kind"]]}
        words = {"label": event.get("label", ""), "left": event["step"] > axes.steps / 2}
        rows.append({"step": event["step"], "row": row, "place": place, **look, **words})
    if not rows:
        return []
    data = few(rows)
    common: dict[str, Any] = {"x": alt.X("step:Q"), "color": alt.Color("colour:N", scale=None)}
    shape = alt.Shape("shape:N", scale=None)
    mark = {"size": 70, "strokeWidth": 2, "filled": False, "opacity": 1}
    tie: dict[str, Any] = {"y": alt.Y("row:Q"), "y2": alt.Y2("place:Q")}
    layers = [
        layer("point", mark, data=data, y=alt.Y("row:Q"), shape=shape, **common),
        layer(
            "rule",
            {"opacity": 0.5},
            data=data,
            transform=[keep("datum.place !== datum.row")],
            **tie,
            **common,
        ),
        layer("point", mark, data=data, y=alt.Y("place:Q"), shape=shape, **common),
    ]
    for left, side in ((True, {"align": "right", "dx": -9}), (False, {"align": "left", "dx": 9})):
        if any(row["left"] == left and row["label"] for row in rows):
            here = keep(f"datum.left === {str(left).lower()}")
            text = alt.Text("label:N")
            layers.append(label(side, data=data, transform=[here], y=alt.Y("row:Q"), text=text, **common))
    return layers
