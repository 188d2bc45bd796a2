"""The numbers of a network with one hidden layer as a heat map: a row a hidden unit, moving with the step."""

import json
from collections.abc import Sequence
from typing import Any

import altair as alt

from core.charts.layers import FONT, Layer, Layered, bare_ground, label, layer, make, stack
from core.charts.parameters import PRESSED, SAID, each_parameter, parameters_saved
from core.charts.rows import few
from core.charts.style import DIVERGED, NEUTRAL, ON_SHADING

_GAP = 0.35  # between the matrices, in cells
_INK = "#1B1F27"  # on pale cells
_WORDS = 10  # more rows than this leave no room for a number in each cell


def matrix_chart(
    snapshots: alt.InlineData,
    *,
    inputs: int,
    width: int,
    names: Sequence[str],
    value: str,
    most: float,
    picked: int,
    titles: Sequence[str],
    unit: str,
    step: int,
    height: int,
) -> Layered:
    """W₁, b₁, W₂ and b₂ side by side at the player's step, W₂ turned upright; colours reach to ±`most`.

    `snapshots` are rows of `parameter_rows`. `names` are what a press picks, `value` is what a number is
    called where it is saved, `picked` is the one outlined, `titles` name the four, `unit` the rows.
    """
    lefts, rows = places(inputs, width)
    wide = max(lefts) + 1
    spots = make(
        left=f"{json.dumps(lefts)}[datum.i]",
        row=f"{json.dumps(rows)}[datum.i]",
        right="datum.left + 1",
        below="datum.row + 1",
        middle="datum.left + 0.5",
        centre="datum.row + 0.5",
    )
    cells = [*each_parameter(names), *spots]
    strength = make(strong=f"sqrt(min(1, abs(datum.cell) / {most!r})) > 0.72", **SAID)
    shades = alt.Scale(type="pow", exponent=0.5, domain=[-most, 0, most], scheme="blueorange", clamp=True)
    colour = alt.Color("cell:Q", scale=shades, legend=None)
    box: dict[str, Any] = {"x": alt.X("left:Q"), "x2": alt.X2("right:Q"), "y": alt.Y("row:Q"), "y2": alt.Y2("below:Q")}
    outline = few([{"left": lefts[picked], "right": lefts[picked] + 1, "row": rows[picked], "below": rows[picked] + 1}])
    ink = alt.condition("datum.strong", alt.value(ON_SHADING), alt.value(_INK))
    layers = [
        bare_ground((0, wide), (width, 0)),
        layer("rect", {"stroke": NEUTRAL, "strokeWidth": 0.5} | PRESSED, transform=cells, color=colour, **box),
        layer("rect", {"fill": None, "stroke": DIVERGED, "strokeWidth": 3, "fillOpacity": 0}, data=outline, **box),
        *_heads(inputs, titles),
        *_rows(width, unit),
    ]
    if width <= _WORDS:
        centre: dict[str, Any] = {"x": alt.X("middle:Q"), "y": alt.Y("centre:Q")}
        look = {"fontSize": FONT - 1, "fontWeight": "normal"} | PRESSED
        words = label(look, transform=[*cells, *strength], text=alt.Text("said:N"), color=ink, **centre)
        layers.insert(2, words)
    params = [alt.VariableParameter(name="step", value=step)]
    return stack(layers, snapshots, height, params, saved=parameters_saved(names, value))


def places(inputs: int, width: int) -> tuple[list[float], list[int]]:
    """Return where each number's cell begins, from the left and from the top, in cells."""
    rows = list(range(width))
    bias, out = inputs + _GAP, inputs + 1 + 2 * _GAP
    lefts = [float(column) for _ in rows for column in range(inputs)]
    lefts += [bias] * width + [out] * width + [out + 1 + _GAP]
    tops = [row for row in rows for _ in range(inputs)]
    return [round(v, 2) for v in lefts], [*tops, *rows, *rows, 0]


def _rows(width: int, unit: str) -> list[Layer]:
    """The number of every row, under what is counted."""
    numbers = few([{"centre": i + 0.5, "name": str(i + 1)} for i in range(width)])
    look = {"align": "right", "color": NEUTRAL, "fontWeight": "normal"}
    return [
        label(look, data=numbers, x=alt.value(-6), y=alt.Y("centre:Q"), text=alt.Text("name:N")),
        label(look | {"text": unit, "baseline": "bottom"}, data=few([{}]), x=alt.value(-6), y=alt.value(-6)),
    ]


def _heads(inputs: int, titles: Sequence[str]) -> list[Layer]:
    """The four names above their columns."""
    middles = (inputs / 2, inputs + _GAP + 0.5, inputs + 2 * _GAP + 1.5, inputs + 3 * _GAP + 2.5)
    rows = few([{"middle": m, "name": t} for m, t in zip(middles, titles, strict=True)])
    look = {"fontSize": FONT + 1, "baseline": "bottom", "color": NEUTRAL}
    return [label(look, data=rows, x=alt.X("middle:Q"), y=alt.value(-6), text=alt.Text("name:N"))]
