"""Under the sweep: a strip per optimizer, a cell per rate, filled by how the seeds ended."""

import json
from typing import Any

import altair as alt
import pandas as pd

from core.charts.layers import Layer, Transform, keep, label, layer, make, pixels
from core.charts.numbers import sig
from core.charts.rows import few
from core.charts.style import COLLAPSED, DIVERGED, NEUTRAL, ON_SHADING
from core.text import Text

ROW = 22  # px from one strip to the next
HEAD = 28  # px between the plot and the strips, where their key stands
_CELL = 18  # px, a cell's height


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
    """Layers on the sweep's rows: cells filled by share, trained in the optimizer's colour from below, then
    collapsed (–), diverged (×) on top; the best rate written in its cell, the name right of the strip.
    """
    first = top + HEAD
    edges = make(
        left=f"datum.rate / {half}",
        right=f"datum.rate * {half}",
        top=f"{first} + {ROW} * indexof({json.dumps(series)}, datum.name)",
        upper=f"datum.top + {_CELL} * datum.diverged",
        lower=f"datum.upper + {_CELL} * datum.collapsed",
        bottom=f"datum.top + {_CELL}",
    )

    def part(look: dict[str, Any], above: str, below: str, more: list[Transform] | None = None, **extra: Any) -> Layer:
        box: dict[str, Any] = {
            "x": alt.X("left:Q"),
            "x2": alt.X2("right:Q"),
            "y": _pixel(above),
            "y2": alt.Y2(f"{below}:Q"),
        }
        return layer("rect", look, transform=[*edges, *(more or [])], **box, **extra)

    def glyph(word: str, share: str, above: str, below: str) -> Layer:
        middle = make(middle=f"(datum.{above} + datum.{below}) / 2")
        seen = [*edges, keep(f"datum.{share} >= 0.5"), *middle]
        return label({"text": word, "color": ON_SHADING}, transform=seen, x=alt.X("rate:Q"), y=_pixel("middle"))

    middle = {n: first + ROW * i + _CELL / 2 for i, n in enumerate(series)}
    rates = [{"rate": b["rate"], "y": middle[b["name"]], "label": sig(b["rate"])} for b in best.to_dict("records")]
    names = few([{"name": n, "y": y} for n, y in middle.items()])
    named: dict[str, Any] = {"data": names, "y": _pixel("y"), "color": colour}
    white = {"color": ON_SHADING, "fontSize": 11}
    return [
        part({}, "lower", "bottom", color=colour),
        part({"color": COLLAPSED}, "upper", "lower"),
        part({"color": DIVERGED}, "top", "upper"),
        glyph("–", "collapsed", "upper", "lower"),
        glyph("×", "diverged", "top", "upper"),
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
        *_key(text, top + HEAD // 2),
        part({"opacity": 0}, "top", "bottom", said(), tooltip=tooltip(text)),
    ]


def said() -> list[Transform]:
    """Fields of the sweep's rows as a tooltip says them: "–" for a loss that is no number."""
    spread = "format(datum.low, '.3~g') + ' – ' + format(datum.high, '.3~g')"
    return make(
        median_said="isValid(datum.median) ? format(datum.median, '.3~g') : '–'",
        range_said=f"isValid(datum.low) ? {spread} : '–'",
        trained="max(0, 1 - datum.collapsed - datum.diverged)",
    )


def tooltip(text: Text) -> list[alt.Tooltip]:
    """All values of one optimizer at one rate."""
    shares = ("trained", "collapsed", "diverged")
    return [
        alt.Tooltip("name:N", title=text("chart.sweep.optimizer")),
        alt.Tooltip("rate:Q", title=text("chart.axis.rate"), format="~g"),
        alt.Tooltip("median_said:N", title=text("chart.sweep.median")),
        alt.Tooltip("range_said:N", title=text("chart.sweep.range")),
        *(alt.Tooltip(f"{s}:Q", title=text(f"chart.sweep.{s}"), format=".0%") for s in shares),
    ]


def _key(text: Text, y: int) -> list[Layer]:
    """What ring and shadings mean; the last may reach beyond the plot."""
    words = (("○", "best", NEUTRAL, 0), ("–", "collapsed", COLLAPSED, 0.4), ("×", "diverged", DIVERGED, 0.8))
    return [
        label(
            {"text": f"{sign} {text(f'chart.key.{word}')}", "color": shade, "align": "left"},
            data=few([{}]),
            x=pixels(f"{share} * width"),
            y=alt.value(y),
        )
        for sign, word, shade, share in words
    ]


def _pixel(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None, axis=None)
