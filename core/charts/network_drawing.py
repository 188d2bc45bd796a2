"""A network with one hidden layer as a drawing: edges and units whose width and colour are numbers at a step."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from core.charts.layers import FONT, Layer, Layered, bare_ground, keep, label, layer, make, stack
from core.charts.parameters import PRESSED, SAID, each_parameter, parameters_saved
from core.charts.rows import few
from core.charts.style import DIVERGED, NEUTRAL, SIGNS

_WIDEST = 9  # px of an edge that holds the largest number
_FINGER = 13  # px of an edge for who presses it
_UNIT = 190  # area of a unit in px², where there is room
_NUMBERED = 11  # px that a unit's number needs
_GAP = 0.05  # between an edge and the middle of its unit


@dataclass(frozen=True)
class Place:
    """Where a coefficient is drawn: an edge from (x, y) to (x2, y2), or a unit, whose ends are one."""

    x: float
    y: float
    x2: float
    y2: float


def places(inputs: int, width: int) -> list[Place]:
    """Return each coefficient's place in PyTorch's order: inputs at x = 0, hidden units at 1, the output at 2."""
    units = [unit + 0.5 for unit in range(width)]
    output = width / 2
    return [
        *(Place(_GAP, at["y"], 1 - _GAP, unit) for unit in units for at in _inputs(inputs, width)),
        *(Place(1, unit, 1, unit) for unit in units),
        *(Place(1 + _GAP, unit, 2 - _GAP, output) for unit in units),
        Place(2, output, 2, output),
    ]


def network_chart(
    snapshots: alt.InlineData,
    *,
    inputs: int,
    names: Sequence[str],
    labels: Sequence[str],
    value: str,
    picked: int,
    most: float,
    layers: Sequence[str],
    step: int,
    height: int,
) -> Layered:
    """Weights as edges, biases as units, at the player's step; width and shade grow with √|number| up to `most`.

    `snapshots` are rows of `parameter_rows`. `names` are what a press picks, `labels` what a reader calls them,
    `value` is what a number is called where it is saved, `picked` is the one outlined, `layers` name inputs, hidden
    units and output.
    """
    width = (len(names) - 1) // (inputs + 2)
    spots = places(inputs, width)
    columns = {name: json.dumps([getattr(spot, name) for spot in spots]) for name in ("x", "y", "x2", "y2")}
    numbers = [
        *each_parameter(names),
        *make(**{name: f"{values}[datum.i]" for name, values in columns.items()}),
        *make(
            strength=f"sqrt(min(1, abs(datum.cell || 0) / {most!r}))", sign="datum.cell ? (datum.cell < 0 ? -1 : 1) : 0"
        ),
        *make(**SAID),
        *make(tip=f"{json.dumps(list(labels), ensure_ascii=False)}[datum.i] + ': ' + datum.said"),
    ]
    colours = alt.Scale(domain=[-1, 0, 1], range=[SIGNS[0], NEUTRAL, SIGNS[1]])
    thickness = alt.StrokeWidth("strength:Q", scale=alt.Scale(domain=[0, 1], range=[0.6, _WIDEST]), legend=None)
    shade = alt.FillOpacity("strength:Q", scale=alt.Scale(domain=[0, 1], range=[0.04, 0.6]), legend=None)
    line: dict[str, Any] = {"x": alt.X("x:Q"), "y": alt.Y("y:Q"), "x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    spot: dict[str, Any] = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    pressed = PRESSED | {"tooltip": {"expr": "datum.tip"}}
    edges, units = ([*numbers, keep(f"datum.x {sign} datum.x2")] for sign in ("!==", "==="))
    chosen = few([vars(spots[picked])])
    room = height / width  # px from one unit to the next
    size = min(_UNIT, 0.6 * room**2)
    ring = {"size": size, "stroke": NEUTRAL, "strokeWidth": 1}
    found = [
        bare_ground((-0.3, 2.2), (width, 0)),
        layer("rule", {"strokeWidth": _FINGER, "color": DIVERGED, "opacity": 0.55}, data=chosen, **line),
        layer(
            "rule",
            transform=edges,
            color=alt.Color("sign:N", scale=colours, legend=None),
            strokeWidth=thickness,
            **line,
        ),
        layer("rule", {"strokeWidth": _FINGER, "strokeOpacity": 0} | pressed, transform=edges, **line),
        layer("point", ring, data=few(_inputs(inputs, width)), **spot),
        layer(
            "point",
            ring | pressed,
            transform=units,
            fill=alt.Fill("sign:N", scale=colours, legend=None),
            fillOpacity=shade,
            **spot,
        ),
        layer(
            "point",
            {"size": max(size, 40), "stroke": DIVERGED, "strokeWidth": 3},
            data=chosen,
            transform=[keep("datum.x === datum.x2")],
            **spot,
        ),
        *_names(inputs, width, names[inputs * width : (inputs + 1) * width] if room >= _NUMBERED else (), layers),
    ]
    params = [alt.VariableParameter(name="step", value=step)]
    return stack(found, snapshots, height, params, saved=parameters_saved(names, value))


def _inputs(inputs: int, width: int) -> list[dict[str, Any]]:
    """The inputs, spread over the height of the hidden units."""
    names = ("x",) if inputs == 1 else ("x₁", "x₂")
    return [{"x": 0, "y": width * (i + 0.5) / inputs, "name": name} for i, name in enumerate(names)]


def _names(inputs: int, width: int, biases: Sequence[str], layers: Sequence[str]) -> list[Layer]:
    """The names of the inputs, the number of every hidden unit, which picks its bias, and what each column is."""
    x, y, name = alt.X("x:Q"), alt.Y("y:Q"), alt.Text("name:N")
    numbers = [{"x": 1, "y": i + 0.5, "name": str(i + 1), "pick": bias} for i, bias in enumerate(biases)]
    heads = [{"x": column, "name": words} for column, words in enumerate(layers)]
    still = {"fontWeight": "normal", "aria": False}
    return [
        label(still | {"align": "right", "dx": -14}, data=few(_inputs(inputs, width)), x=x, y=y, text=name),
        label(still | PRESSED | {"fontSize": FONT - 2}, data=few(numbers), x=x, y=y, text=name),
        label(still | {"baseline": "bottom", "color": NEUTRAL}, data=few(heads), x=x, y=alt.value(-6), text=name),
    ]
