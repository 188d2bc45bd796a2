"""A family of curves with one that stands out, and coefficients as bars."""

from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain
from core.charts.fits import NOW, plane
from core.charts.layers import Layered, keep, layer, stack
from core.charts.lines import fold
from core.charts.rows import csv_rows, few
from core.charts.saved import Saved, lines_saved
from core.charts.style import NEUTRAL


def family_chart(family: pd.DataFrame, chosen: str, colour: str, y_domain: Domain, height: int) -> Layered:
    """Return every curve of the family faintly, the chosen one in its colour; columns x, c1, c2, …"""
    columns = [str(c) for c in family if c != "x"]
    place: dict[str, Any] = {"x": alt.X("x:Q"), "y": alt.Y("value:Q"), "detail": alt.Detail("key:N")}
    faint = {"color": NEUTRAL, "strokeWidth": 1, "opacity": 0.45, "clip": True}
    strong = {"color": colour, "strokeWidth": 3.5, "clip": True}
    layers = [
        plane((-1.0, 1.0), y_domain, "x", "y"),
        layer("line", faint, transform=fold(columns, {}), **place),
        layer("line", strong, transform=fold([chosen], {}), **place),
    ]
    numbers = [{"curve": column.removeprefix("c")} for column in columns]
    saved = lines_saved(numbers, columns, "prediction", along=("x", "x"))
    return stack(layers, csv_rows(family, ["x", *columns]), height, saved=saved)


def bars_chart(
    values: pd.DataFrame, colour: str, titles: tuple[str, str], y_domain: Domain, height: int, step: int | None = None
) -> Layered:
    """Return a bar a coefficient; columns number and value, and with a `step` begin and end of what each stands for."""
    count = int(values["number"].max())
    bar = {"color": colour, "strokeWidth": max(1.5, min(8.0, 240 / count)), "clip": True}
    now = [] if step is None else [keep(NOW)]
    place: dict[str, Any] = {"x": alt.X("number:Q"), "y": alt.Y("value:Q"), "y2": alt.Y2Datum(0)}
    layers = [
        plane((0.0, float(count + 1)), y_domain, *titles),
        layer("rule", {"color": NEUTRAL, "strokeWidth": 1, "opacity": 0.6}, data=few([{}]), y=alt.YDatum(0)),
        layer("rule", bar, transform=now, **place),
    ]
    columns = ["number", "value"] if step is None else ["begin", "end", "number", "value"]
    params = [] if step is None else [alt.VariableParameter(name="step", value=step)]
    saved = Saved(({"begin": "step"} if now else {}) | {"number": "number", "value": "value"})
    return stack(layers, csv_rows(values, columns), height, params, saved=saved)
