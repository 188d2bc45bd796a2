"""Layers and the chart they make, put together without the copies that Altair's chained methods make."""

import re
from collections.abc import Sequence
from typing import Any

import altair as alt

FONT = 12  # px of every label in a chart
LINE = 15  # px from one label to the next
TICKS = "ceil(width / 90)"  # so many on a horizontal axis

Layer = alt.Chart
Transform = dict[str, Any]


def layer(
    mark: str,
    look: dict[str, Any] | None = None,
    *,
    data: alt.InlineData | None = None,
    transform: Sequence[Transform] = (),
    **channels: Any,
) -> Layer:
    """One mark with its look, its channels, and Vega-Lite transforms in order; `data` if not the chart's."""
    parts: dict[str, Any] = {
        "mark": {"type": mark, **(look or {})},
        "encoding": alt.FacetedEncoding(**channels),
    }
    if transform:
        parts["transform"] = list(transform)
    if data is not None:
        parts["data"] = data
    return alt.Chart(**parts)


def label(look: dict[str, Any] | None = None, **more: Any) -> Layer:
    """A bold text in the common size: `layer("text")`."""
    return layer("text", {"fontSize": FONT, "fontWeight": "bold"} | (look or {}), **more)


def keep(condition: str | dict[str, Any]) -> Transform:
    """The rows for which this holds."""
    return {"filter": condition}


def make(**fields: str) -> list[Transform]:
    """New fields from Vega expressions; ValueError for one made from itself.

    A row that a step filters out and in again would be made anew from what it was made into.
    """
    for field, expression in fields.items():
        if re.search(rf"\bdatum(\.{re.escape(field)}\b|\[['\"]{re.escape(field)}['\"]\])", expression):
            raise ValueError(f"{field} is made from itself: {expression}")
    return [{"calculate": expression, "as": field} for field, expression in fields.items()]


def pixels(expression: str) -> Any:
    """A place in the plot that Vega works out, such as "width + 6"."""
    return alt.value(alt.expr(expression))


def stack(
    layers: Sequence[Layer],
    data: alt.InlineData,
    height: int,
    params: Sequence[Any] = (),
    title: alt.TitleParams | None = None,
) -> alt.LayerChart:
    """The layers over one data set, as wide as their container; room for what stands beside the plot."""
    more: dict[str, Any] = {"params": list(params)} if params else {}
    if title is not None:
        more["title"] = title
    return alt.LayerChart(
        data=data,
        layer=list(layers),
        width="container",
        height=height,
        autosize={"type": "fit-x", "contains": "padding"},
        padding={"left": 4, "top": 4, "right": 8, "bottom": 4},
        **more,
    )
