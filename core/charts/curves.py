"""Lists of numbers that a chart unpacks at the player's step: curves of a snapshot, and a line of words above."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.charts.axes import Domain
from core.charts.fits import NOW
from core.charts.layers import Layer, Transform, keep, label, layer, make
from core.charts.rows import NAME, csv_rows, few
from core.charts.saved import Saved

HEADLINE = -22  # px: where words above the plot begin


def packed_rows(
    frame: pd.DataFrame, numbers: Sequence[str], lists: dict[str, Domain], *, name: str | None = NAME
) -> alt.InlineData:
    """These columns as CSV, each list as one text: to a 1000th of its domain, "?" for no number.

    Values far outside their domain are brought near, where canvases do not lose track of a line.
    """
    shown = frame[list(numbers)].copy()
    for column, (low, high) in lists.items():
        span = high - low
        digits = max(0, int(np.ceil(np.log10(1000 / span))))
        texts = []
        for raw in frame[column]:
            near = np.clip(np.asarray(raw, dtype=float), low - 10 * span, high + 10 * span).round(digits) + 0.0
            texts.append(" ".join(f"{value:g}" for value in near.tolist()).replace("nan", "?"))
        shown[column] = texts
    return csv_rows(shown, numbers, list(lists), name=name)


def curves_saved(line: str, names: Sequence[str | None] = ()) -> Saved:
    """Return the table of curves of snapshots, lists x and y: `line` is what tells them apart, `names` are theirs."""
    columns = {"begin": "step", "line": line, "x": "x", "y": "prediction"}
    return Saved(columns, lists=["x", "y"], words={"line": names} if names else {})


def unpacked(*fields: str) -> list[Transform]:
    """Rows of the snapshot at the player's step, one for each place in the lists."""
    return [
        keep(NOW),
        *make(**{f"{f}_word": f"split(datum.{f}, ' ')" for f in fields}),
        {"flatten": [f"{f}_word" for f in fields]},
        *make(**{f: f"datum.{f}_word === '?' ? null : toNumber(datum.{f}_word)" for f in fields}),
    ]


def curves(look: dict[str, Any], *, where: str = "", data: alt.InlineData | None = None, **channels: Any) -> Layer:
    """A line for each row of a snapshot, told apart by `line`, from its lists x and y; `where` chooses rows."""
    rows = [*([keep(where)] if where else []), *unpacked("x", "y")]
    more: dict[str, Any] = {"x": alt.X("x:Q"), "y": alt.Y("y:Q"), "detail": alt.Detail("line:Q"), **channels}
    return layer("line", {"clip": True} | look, data=data, transform=rows, **more)


def headline(expression: str, look: dict[str, Any] | None = None, *, data: alt.InlineData | None = None) -> Layer:
    """Words above the plot from a Vega expression of `step`, or of `datum` where `data` is given."""
    style = {"align": "left", "baseline": "top", "fontSize": 13} | (look or {})
    rows = few([{}]) if data is None else data
    words = make(words=expression)
    at: dict[str, Any] = {"x": alt.value(0), "y": alt.value(HEADLINE)}
    return label(style, data=rows, transform=words, text=alt.Text("words:N"), **at)
