"""A network's numbers at the snapshots of a training: a row a snapshot in the data, a row a number in the browser."""

import json
from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.charts.fits import NOW
from core.charts.layers import Transform, keep, make
from core.charts.rows import csv_rows
from core.charts.saved import Grid, Saved

#: A number beside its name, as the page writes numbers.
SAID = {
    "form": "abs(datum.cell) < 0.001 ? '.0e' : '.2~g'",
    "said": "datum.cell === null ? '×' : datum.cell ? format(datum.cell, datum.form) : '0'",
}
#: The look of a mark that picks its number when it is pressed.
PRESSED = {"cursor": "pointer"}


def parameter_rows(frame: pd.DataFrame) -> alt.InlineData:
    """Rows of begin, end and `cells`, the numbers in PyTorch's order, as one text each; "?" where one is lost."""
    packed = frame[["begin", "end"]].copy()
    packed["cells"] = [" ".join(f"{v:.4g}" if abs(v) < 1e300 else "?" for v in values) for values in frame["cells"]]
    return csv_rows(packed, ["begin", "end"], ["cells"])


def parameters_saved(names: Sequence[str], value: str) -> Saved:
    """Return the table of `parameter_rows`: the names of the numbers, and what these are called."""
    columns = {"begin": "step", "coefficient": "coefficient", "cells": value}
    every = Grid(0, len(names) - 1, len(names))
    return Saved(columns, lists=["cells"], places={"coefficient": every}, words={"coefficient": names})


def each_parameter(names: Sequence[str]) -> list[Transform]:
    """Make a row of every number of the present snapshot: its place `i`, its name `pick`, its value `cell` or null."""
    return [
        keep(NOW),
        *make(i=f"sequence({len(names)})", word="split(datum.cells, ' ')"),
        {"flatten": ["i", "word"]},
        *make(cell="datum.word === '?' ? null : toNumber(datum.word)", pick=f"{json.dumps(list(names))}[datum.i]"),
    ]
