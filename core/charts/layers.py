"""Layers and the chart they make, put together without the copies that Altair makes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from core.charts.plain import AROUND, plain
from core.charts.rows import few
from core.charts.saved import Saved

FONT = 12  # px of every label in a chart
LINE = 15  # px from one label to the next
TICKS = "ceil(width / 90)"  # so many on a horizontal axis

Transform = dict[str, Any]


@dataclass
class Layer:
    """One mark with its look, its channels by name, and Vega-Lite transforms in order; `data` if not the chart's."""

    mark: dict[str, Any]
    channels: Mapping[str, Any]
    transform: list[Transform]
    data: alt.InlineData | None
    name: str = ""

    def plain(self) -> dict[str, Any]:
        """Return it as Vega-Lite."""
        found = {"mark": self.mark, "encoding": plain(self.channels)}
        if self.name:
            found["name"] = self.name
        if self.transform:
            found["transform"] = plain(self.transform)
        return found


@dataclass
class Layered:
    """Layers over one data set, and what else stands at the top of the chart."""

    layer: list[Layer]
    data: alt.InlineData
    top: dict[str, Any]

    def to_dict(self, validate: bool = True) -> dict[str, Any]:
        """Return the chart as Vega-Lite, by its schema if `validate`.

        Equal data of layers are there once, under the name they have, if any.
        """
        layers = [one.plain() for one in self.layer]
        names: dict[int, str] = {}
        datasets: dict[str, Any] = {}
        for found, one in zip(layers, self.layer, strict=True):
            if one.data is None:
                continue
            own = plain(one.data)
            values = own.pop("values")
            given = own.pop("name", None)
            if id(one.data) not in names:
                known = (name for name, other in datasets.items() if other == values)
                names[id(one.data)] = given or next(known, f"data-{len(datasets)}")
            datasets[names[id(one.data)]] = values
            found["data"] = {"name": names[id(one.data)]} | own
        spec = AROUND | plain(self.top) | {"layer": layers, "data": plain(self.data)}
        if datasets:
            spec["datasets"] = datasets
        if validate:
            alt.TopLevelLayerSpec.validate(spec)
        return spec


def layer(
    mark: str,
    look: dict[str, Any] | None = None,
    *,
    data: alt.InlineData | None = None,
    transform: Sequence[Transform] = (),
    **channels: Any,
) -> Layer:
    """One mark with its look, its channels, and Vega-Lite transforms in order; `data` if not the chart's."""
    return Layer({"type": mark, **(look or {})}, channels, list(transform), data)


def label(look: dict[str, Any] | None = None, **more: Any) -> Layer:
    """A bold text in the common size: `layer("text")`."""
    return layer("text", {"fontSize": FONT, "fontWeight": "bold"} | (look or {}), **more)


def bare_ground(x: tuple[float, float], y: tuple[float, float]) -> Layer:
    """An empty layer that carries two fixed scales and no axes."""
    x_scale, y_scale = (alt.Scale(domain=list(ends), nice=False, zero=False) for ends in (x, y))
    return layer(
        "point",
        {"opacity": 0, "aria": False},
        data=few([{}]),
        x=alt.XDatum(0, type="quantitative", scale=x_scale, axis=None),
        y=alt.YDatum(0, type="quantitative", scale=y_scale, axis=None),
    )


def headline(row: dict[str, Any], colour: str, name: str | None = None) -> Layer:
    """The `words` of a row over the plot, where no curve runs; `name` is that of its data."""
    look = {"color": colour, "align": "left", "baseline": "bottom"}
    return label(look, data=few([row], name), x=pixels("0"), y=pixels("-6"), text=alt.Text("words:N"))


def keep(condition: str | dict[str, Any]) -> Transform:
    """The rows for which this holds."""
    return {"filter": condition}


def make(**fields: str) -> list[Transform]:
    """New fields from Vega expressions; ValueError for one made from itself.

    A row that a step filters out and in again would be made anew from what it was made into.
    """
    for name, expression in fields.items():
        if re.search(rf"\bdatum(\.{re.escape(name)}\b|\[['\"]{re.escape(name)}['\"]\])", expression):
            raise ValueError(f"{name} is made from itself: {expression}")
    return [{"calculate": expression, "as": name} for name, expression in fields.items()]


def pixels(expression: str) -> Any:
    """A place in the plot that Vega works out, such as "width + 6"."""
    return alt.value(alt.expr(expression))


def stack(
    layers: Sequence[Layer],
    data: alt.InlineData,
    height: int,
    params: Sequence[Any] = (),
    title: alt.TitleParams | None = None,
    saved: Saved | None = None,
) -> Layered:
    """The layers over one data set, as wide as their container; room for what stands beside the plot.

    `saved`: what a reader saves of the data; left out, the data as they are.
    """
    top: dict[str, Any] = {
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 4, "top": 4, "right": 8, "bottom": 4},
    }
    if params:
        top["params"] = list(params)
    if title is not None:
        top["title"] = title
    if saved:
        top["usermeta"] = {"csv": saved.plain()}
    return Layered(list(layers), data, top)
