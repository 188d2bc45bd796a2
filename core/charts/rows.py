"""Frames as data a chart carries: compact, and what its reader saves as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

#: A frame, or its columns by name.
Columns = pd.DataFrame | Mapping[str, Any]
NAME = "rows"  # of the one data set that a chart's reader may save
ENDLESS = 1e300  # stands for +∞ in records, as JSON has no word for it


def csv_rows(
    frame: Columns,
    numbers: Sequence[str],
    words: Sequence[str] = (),
    *,
    name: str | None = NAME,
    endless: str = "",
    digits: int = 5,
) -> alt.InlineData:
    """These columns as CSV text, a third of JSON's size: significant digits, empty for no number, `endless` for +∞.

    The player and Vega read it; `st.altair_chart` does not, and takes `json_rows`.
    """
    columns = [_cells(frame[c], endless, digits) for c in numbers] + [list(frame[c]) for c in words]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*numbers, *words])
    if words or len(numbers) == 1:
        writer.writerows(zip(*columns, strict=True))
    else:  # nothing to quote: numbers alone need no look at every character
        out.writelines(f"{','.join(row)}\n" for row in zip(*columns, strict=True))
    kinds = dict.fromkeys(numbers, "number") | dict.fromkeys(words, "string")
    form = {"type": "csv", "parse": kinds}
    return alt.InlineData(values=out.getvalue(), format=form, name=name or alt.Undefined)


def json_rows(frame: pd.DataFrame, numbers: Sequence[str], words: Sequence[str] = ()) -> alt.InlineData:
    """The data set "rows" as `csv_rows` has it, but as records: for charts that Streamlit draws."""
    columns: list[list] = [[float(c) if c else None for c in _cells(frame[n])] for n in numbers]
    columns += [frame[w].tolist() for w in words]
    names = [*numbers, *words]
    records = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    return alt.InlineData(values=records, name=NAME)


def few(rows: list[dict], name: str | None = None) -> alt.InlineData:
    """A handful of rows of a chart's furniture: labels, marks."""
    return alt.InlineData(values=rows, name=name or alt.Undefined)


def _cells(column: Any, endless: str = "", digits: int = 5) -> list[str]:
    """Return numbers as texts, all in one call: one by one is slow."""
    values = np.asarray(column, dtype=float)
    cells = (f"%.{digits}g\n" * len(values) % tuple(values.tolist())).split("\n")[:-1]
    if np.isfinite(values).all():
        return cells
    others = {"inf": endless, "-inf": "", "nan": ""}
    return [others.get(cell, cell) for cell in cells]
