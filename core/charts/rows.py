"""Frames as data a chart carries: compact, and what its reader saves as CSV."""

import csv
import io
import math
from collections.abc import Sequence

import altair as alt
import pandas as pd

NAME = "rows"  # of the one data set that a chart's reader may save


def csv_rows(
    frame: pd.DataFrame, numbers: Sequence[str], words: Sequence[str] = (), *, name: str | None = NAME
) -> alt.InlineData:
    """These columns as CSV text, a third of JSON's size: 5 significant digits, empty for no number.

    The player and Vega read it; `st.altair_chart` does not, and takes `json_rows`.
    """
    columns = [[_cell(v) for v in frame[c].astype(float).tolist()] for c in numbers]
    columns += [frame[c].tolist() for c in words]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*numbers, *words])
    writer.writerows(zip(*columns, strict=True))
    kinds = dict.fromkeys(numbers, "number") | dict.fromkeys(words, "string")
    form = {"type": "csv", "parse": kinds}
    return alt.InlineData(values=out.getvalue(), format=form, name=name or alt.Undefined)


def json_rows(frame: pd.DataFrame, numbers: Sequence[str], words: Sequence[str] = ()) -> alt.InlineData:
    """The data set "rows" as `csv_rows` has it, but as records: for charts that Streamlit draws."""
    columns = [[float(c) if (c := _cell(v)) else None for v in frame[n].astype(float)] for n in numbers]
    columns += [frame[w].tolist() for w in words]
    names = [*numbers, *words]
    records = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    return alt.InlineData(values=records, name=NAME)


def few(rows: list[dict]) -> alt.InlineData:
    """A handful of rows of a chart's furniture: labels, marks."""
    return alt.InlineData(values=rows)


def _cell(value: float) -> str:
    return f"{value:.5g}" if math.isfinite(value) else ""
