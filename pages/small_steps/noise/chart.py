"""The gradients of many batches as a fan of arrows against that of all points, moving with the player's step."""

from typing import Any

import altair as alt
import pandas as pd

from core.charts.fits import NOW, moving
from core.charts.layers import Layer, Layered, bare_ground, keep, label, layer, make, pixels
from core.charts.rows import csv_rows, few
from core.charts.saved import COUNTED, Saved
from core.charts.style import NEUTRAL, Style
from core.text import Text

#: Arrows are drawn up to so many lengths of the gradient of all points, and cut there.
REACH = 2.0
_HEAD, _RADIUS, _FOOT = 20, 130, 20  # px over the fan, of its rim at most, and under it
_BASE = _HEAD + _RADIUS
#: Plot height in pixels.
HEIGHT = _BASE + _FOOT
_RIM = f"min(width / 2 - 6, {_RADIUS})"
_X, _Y = alt.X("x:Q", scale=None, axis=None), alt.Y("y:Q", scale=None, axis=None, stack=None)
_MIDDLE = pixels("width / 2")


def fan_chart(frame: pd.DataFrame, name: str, style: Style, text: Text, *, step: int) -> Layered:
    """An arrow a batch: its angle with the gradient of all points, which points right, and its length in lengths of it.

    `frame`: begin, end, angles in degrees and lengths (lists, not a number where there is none), and the words
    `middle` and `uphill`.
    """
    arrows = [
        keep(NOW),
        *make(degree="split(datum.angles, ' ')", share="split(datum.lengths, ' ')"),
        {"flatten": ["degree", "share"]},
        keep("datum.degree !== '?'"),
        *_polar("toNumber(datum.degree)", f"min(toNumber(datum.share), {REACH})"),
    ]
    thin = {"color": style.colour, "strokeWidth": 1.2, "opacity": 0.6, "aria": False}
    thick: dict[str, Any] = {"color": NEUTRAL, "strokeWidth": 5}
    one = _polar("0", "1")
    tip = {"shape": "triangle-right", "filled": True, "size": 130, "color": NEUTRAL, "opacity": 1}
    below = {"align": "left", "baseline": "top", "color": NEUTRAL, "text": text("small_steps.noise.all")}
    layers: list[Layer] = [
        bare_ground((0, 1), (0, 1)),
        *_rings(),
        layer("rule", {"color": NEUTRAL, "strokeDash": [2, 2]}, data=few([{}]), **_upright()),
        layer("rule", thin, transform=arrows, x=_X, y=_Y, x2=_MIDDLE, y2=alt.value(_BASE)),
        layer(
            "circle", {"color": style.colour, "size": 14, "opacity": 0.9, "aria": False}, transform=arrows, x=_X, y=_Y
        ),
        layer("rule", thick, data=few([{}]), transform=one, x=_X, y=_Y, x2=_MIDDLE, y2=alt.value(_BASE)),
        layer("point", tip, data=few([{}]), transform=one, x=_X, y=_Y),
        label(below, data=few([{}]), x=_MIDDLE, y=alt.value(_BASE + 6)),
        _corner("uphill", "left", "0"),
        _corner("middle", "right", "width"),
    ]
    columns = {"begin": "step", "draw": "draw", "angles": "angle", "lengths": "length"}
    saved = Saved(columns, lists=["angles", "lengths"], places={"draw": COUNTED})
    rows = csv_rows(frame, ["begin", "end"], ["angles", "lengths", "uphill", "middle"])
    return moving(layers, rows, name, style, step, HEIGHT, saved)


def _polar(degrees: str, lengths: str) -> list[dict[str, Any]]:
    """Make x and y in pixels of a place at this angle, so many lengths of the gradient of all points away."""
    far = f"{lengths} * {_RIM} / {REACH}"
    turn = f"({degrees}) * PI / 180"
    return make(x=f"width / 2 + {far} * cos({turn})", y=f"{_BASE} - {far} * sin({turn})")


def _rings() -> list[Layer]:
    """Half circles as far as the gradient of all points is long and as the arrows go; what points uphill is shaded."""
    rings = few([{"lengths": 1, "words": "1×"}, {"lengths": REACH, "words": f"{REACH:g}×"}])
    around = [*make(degree="sequence(0, 181, 5)"), {"flatten": ["degree"]}, *_polar("datum.degree", "datum.lengths")]
    up = [*make(degree="sequence(90, 181, 5)"), {"flatten": ["degree"]}, *_polar("datum.degree", f"{REACH}")]
    above = {"align": "left", "dx": 3, "dy": -5, "color": NEUTRAL, "fontWeight": "normal"}
    order = alt.Order("degree:Q")
    return [
        layer(
            "area", {"color": NEUTRAL, "opacity": 0.1}, data=few([{}]), transform=up, x=_X, y=_Y, y2=alt.value(_BASE)
        ),
        layer(
            "line",
            {"color": NEUTRAL, "opacity": 0.6, "strokeWidth": 1},
            data=rings,
            transform=around,
            x=_X,
            y=_Y,
            order=order,
            detail=alt.Detail("lengths:Q"),
        ),
        label(above, data=rings, transform=_polar("90", "datum.lengths"), x=_X, y=_Y, text=alt.Text("words:N")),
    ]


def _upright() -> dict[str, Any]:
    return {"x": _MIDDLE, "y": alt.value(_BASE), "y2": pixels(f"{_BASE} - {_RIM}")}


def _corner(field: str, align: str, x: str) -> Layer:
    look = {"align": align, "baseline": "top", "color": NEUTRAL}
    return label(look, transform=[keep(NOW)], x=pixels(x), y=alt.value(0), text=alt.Text(f"{field}:N"))
