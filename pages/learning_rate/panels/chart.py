"""Small multiples: one panel of loss against step, one line per learning rate or per optimizer."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Axes
from core.charts.events import event_marks
from core.charts.layers import Layered, layer, stack
from core.charts.lines import End, colour_of, dash_of, fold, player_params, readings
from core.charts.rows import csv_rows
from core.charts.saved import lines_saved
from core.charts.style import Style
from core.text import Text


def panel_chart(
    frame: pd.DataFrame,
    columns: Sequence[str],
    labels: Sequence[str],
    styles: Sequence[Style],
    text: Text,
    axes: Axes,
    *,
    told: Sequence[Mapping[str, Any]],
    y_title: bool = True,
    events: pd.DataFrame | None = None,
) -> Layered:
    """One panel: a line per column of `frame`, with the player's cursor and a hover rule.

    `frame`: one row a step, `step` and the smoothed losses in `columns` (c0, c1, …). `events`: columns
    column, step, kind ("diverged" or "collapsed"). `y_title` names the loss axis and the target too.
    `told`: what a file says of each line.
    """
    loss = text("chart.axis.batch_loss", loss=axes.loss_name) if y_title else ""
    folded = fold(columns, {"name": "datum.key", "smooth": axes.shown("datum.value")})
    colour, dash = colour_of(columns, styles), dash_of(columns, styles)
    look = {"strokeWidth": 2, "clip": True}
    line = layer("line", look, transform=folded, x=alt.X("step:Q"), y=alt.Y("smooth:Q"), color=colour, strokeDash=dash)

    last = frame[list(columns)].iloc[-1].astype(float)
    ends = [End(n, v, s.colour) for n, v, s in zip(labels, last, styles, strict=True)]
    colours = {c: s.colour for c, s in zip(columns, styles, strict=True)}
    failed = pd.DataFrame(columns=["column", "step", "kind"]) if events is None or events.empty else events
    marks = event_marks(failed.rename(columns={"column": "name"}), frame, colours, axes)
    over = readings(axes, text, columns, labels, folded, ends=ends, marks=marks, name_target=y_title)
    return stack(
        [axes.frame(text, loss), line, *over],
        csv_rows(frame, ["step", *columns], endless="Infinity"),
        axes.height,
        player_params(axes.step),
        saved=lines_saved(told, columns, "smoothed_loss"),
    )
