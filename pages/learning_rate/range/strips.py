"""Under the sweep: a strip per optimizer, a cell per rate, filled by what became of the seeds."""

import json
from itertools import accumulate, pairwise
from typing import Any

import altair as alt
import pandas as pd

from core.charts.layers import LINE, Layer, Transform, keep, label, layer, make, pixels
from core.charts.lines import said
from core.charts.rows import few
from core.charts.style import KINDS, NEUTRAL, ON_SHADING
from core.text import Text
from core.text.numbers import percent, sig

ROW = 22  # px from one strip to the next
AXIS = 20  # px that the axis of the rates takes under the plot
HEAD = AXIS + 20 + 3 * LINE  # px between the plot and the strips, where their key stands too
_CELL = 18  # px, a cell's height
_SECOND = 106  # px from the plot's left edge to the second column of the key
#: What stands in a cell, and in the key; most cells of a figure that works are below the target and stay empty.
_SIGNS = {"diverged": "×", "constant": "–", "above": "↑", "below": ""}
#: From a cell's top to its bottom.
_ORDER = ("diverged", "constant", "above", "below")


def strips(
    series: list[str],
    best: pd.DataFrame,
    text: Text,
    *,
    half: float,
    colour: alt.Color,
    dash: alt.StrokeDash,
    top: int,
) -> list[Layer]:
    """Layers on the sweep's rows: cells filled by the share of each kind, its sign where it is half or more; the
    best rate written in its cell, the name right of the strip.
    """
    first = top + HEAD
    edges = make(
        left=f"datum.rate / {half}",
        right=f"datum.rate * {half}",
        top=f"{first} + {ROW} * indexof({json.dumps(series)}, datum.name)",
        bottom=f"datum.top + {_CELL}",
    )
    sums = ["0", *accumulate((f"datum.{kind}" for kind in _ORDER), "{} + {}".format)]
    heights = {kind: (f"({a})", f"({b})") for kind, (a, b) in zip(_ORDER, pairwise(sums), strict=True)}
    middle = {n: first + ROW * i + _CELL / 2 for i, n in enumerate(series)}
    rates = [{"rate": b["rate"], "y": middle[b["name"]], "label": sig(b["rate"])} for b in best.to_dict("records")]
    ringed = [[b["name"], b["rate"]] for b in best.to_dict("records")]

    def part(kind: str) -> Layer:
        above, below = heights[kind]
        place = make(upper=f"datum.top + {_CELL} * {above}", lower=f"datum.top + {_CELL} * {below}")
        seen = [keep(f"datum.{kind} > 0"), *edges, *place]
        return layer("rect", {"color": KINDS[kind]}, transform=seen, **_box("upper", "lower"))

    def sign(kind: str) -> Layer:
        above, below = heights[kind]
        free = " && ".join(f"!(datum.name === {json.dumps(n)} && datum.rate === {r})" for n, r in ringed) or "true"
        place = make(middle=f"datum.top + {_CELL} * ({above} + {below}) / 2")
        seen = [keep(f"datum.{kind} >= 0.5 && {free}"), *edges, *place]
        look = {"text": _SIGNS[kind], "color": ON_SHADING}
        return label(look, transform=seen, x=alt.X("rate:Q"), y=_pixel("middle"))

    names = few([{"name": n, "y": y} for n, y in middle.items()])
    named: dict[str, Any] = {"data": names, "y": _pixel("y"), "color": colour}
    white = {"color": ON_SHADING, "fontSize": 11}
    return [
        *(part(kind) for kind in _ORDER),
        *(sign(kind) for kind in _ORDER if _SIGNS[kind]),
        label(white, data=few(rates), x=alt.X("rate:Q"), y=_pixel("y"), text=alt.Text("label:N")),
        layer(
            "rule",
            {"strokeWidth": 2.5},
            x=pixels("width + 6"),
            x2=pixels("width + 24"),
            strokeDash=dash,
            **named,
        ),
        label({"align": "left"}, x=pixels("width + 29"), text=alt.Text("name:N"), **named),
        *_key(text, top + AXIS + 22),
        layer("rect", {"opacity": 0}, transform=[*edges, *words()], tooltip=tooltip(text), **_box("top", "bottom")),
    ]


def words() -> list[Transform]:
    """Fields of the sweep's rows as a tooltip says them."""
    return make(
        median_said=said("datum.median"),
        range_said=f"{_braced(said('datum.low'))} + ' – ' + {_braced(said('datum.high'))}",
    )


def shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the share of each kind in words."""
    return frame.assign(**{f"{kind}_said": frame[kind].map(percent) for kind in KINDS})


def tooltip(text: Text) -> list[alt.Tooltip]:
    """All values of one optimizer at one rate."""
    return [
        alt.Tooltip("name:N", title=text("chart.sweep.optimizer")),
        alt.Tooltip("rate:Q", title=text("chart.axis.rate"), format="~g"),
        alt.Tooltip("median_said:N", title=text("chart.sweep.median")),
        alt.Tooltip("range_said:N", title=text("chart.sweep.range")),
        *(alt.Tooltip(f"{kind}_said:N", title=text(f"chart.sweep.{kind}")) for kind in KINDS),
    ]


def _braced(expression: str) -> str:
    return f"({expression})"


def _key(text: Text, y: int) -> list[Layer]:
    """What ring, colours and signs mean, in two columns; the right one may reach beyond the plot."""
    columns = (("best", "diverged"), ("below", "above", "constant"))
    entries = [
        (_SECOND * column, y + LINE * row, kind)
        for column, kinds in enumerate(columns)
        for row, kind in enumerate(kinds)
    ]
    return [
        label(
            {
                "text": f"{_SIGNS.get(kind, '○') or '■'} {text(f'chart.key.{kind}')}",
                "color": KINDS.get(kind, NEUTRAL),
                "align": "left",
            },
            data=few([{}]),
            x=alt.value(place),
            y=alt.value(height),
        )
        for place, height, kind in entries
    ]


def _box(above: str, below: str) -> dict[str, Any]:
    return {"x": alt.X("left:Q"), "x2": alt.X2("right:Q"), "y": _pixel(above), "y2": alt.Y2(f"{below}:Q")}


def _pixel(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None, axis=None)
