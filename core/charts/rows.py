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
    """These columns as CSV text, a third of JSON's size: 5 significant digits, empty for no number."""
    columns = [[_cell(v) for v in frame[c].astype(float).tolist()] for c in numbers]
    columns += [frame[c].tolist() for c in words]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*numbers, *words])
    writer.writerows(zip(*columns, strict=True))
    kinds = dict.fromkeys(numbers, "number") | dict.fromkeys(words, "string")
    form = {"type": "csv", "parse": kinds}
    return alt.InlineData(values=out.getvalue(), format=form, name=name or alt.Undefined)


def few(rows: list[dict]) -> alt.InlineData:
    """A handful of rows of a chart's furniture: labels, marks."""
    return alt.InlineData(values=rows)


def _cell(value: float) -> str:
    return f"{value:.5g}" if math.isfinite(value) else ""
