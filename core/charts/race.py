"""The race: loss against step, one line per optimizer."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Axes
from core.charts.events import event_marks
from core.charts.layers import Layer, Layered, layer, stack
from core.charts.lines import End, colour_of, dash_of, fold, player_params, readings
from core.charts.rows import csv_rows, few
from core.charts.saved import Saved
from core.charts.style import OPTIMIZERS
from core.text import Text

#: The parts of a line as files call them.
_CALLED = {
    "smooth": "smoothed_loss",
    "raw": "batch_loss",
    "full": "full_loss",
    "low": "low_loss",
    "high": "high_loss",
}


def race_chart(
    frame: pd.DataFrame,
    series: list[str],
    text: Text,
    axes: Axes,
    *,
    full: bool = False,
    events: pd.DataFrame | None = None,
    rates: Sequence[float] = (),
    reached: Mapping[str, float] | None = None,
) -> Layered:
    """Loss against step for the optimizers in `series`, with the player's cursor and a hover rule.

    `frame`: one row a step, columns `step` and for each name N `smooth_N` (the strong line), and where
    wanted `raw_N` (faint), `full_N` (dotted, drawn if `full`), `low_N` and `high_N` (a band, which takes
    the place of the raw line); missing values are NaN, diverged ones infinite. `events`: columns name, step,
    kind ("diverged" or "collapsed"), label. `rates`: that of each optimizer, to be told where they differ.
    `reached`: the step at which the loss on all data of each optimizer was first below the target, if it was: a ring.
    """
    styles = [OPTIMIZERS[n] for n in series]
    faint = ["low", "high"] if f"low_{series[0]}" in frame else ["raw"] if f"raw_{series[0]}" in frame else []
    parts = ["smooth", *faint, *(["full"] if full else [])]
    title = text(f"chart.axis.{'both_losses' if full else 'batch_loss'}", loss=axes.loss_name)
    columns = [f"smooth_{n}" for n in series]
    fields = {p: axes.shown(f"datum['{p}_' + datum.name]") for p in parts}
    folded = fold(columns, {"name": "slice(datum.key, 7)", **fields})
    colour = colour_of(series, styles)

    def line(look: dict[str, Any], mark: str = "line", **channels: Any) -> Layer:
        clipped = {"clip": True} | look
        return layer(mark, clipped, transform=folded, x=alt.X("step:Q"), color=colour, **channels)

    layers = [axes.frame(text, title)]
    if "low" in parts:
        layers.append(line({"opacity": 0.16}, "area", y=alt.Y("low:Q"), y2=alt.Y2("high:Q")))
    if "raw" in parts:
        layers.append(line({"opacity": 0.28, "strokeWidth": 1}, y=alt.Y("raw:Q")))
    if full:
        dotted = {"strokeWidth": 1.5, "strokeDash": [1, 3], "strokeCap": "round"}
        layers.append(line(dotted, y=alt.Y("full:Q")))
    layers.append(line({"strokeWidth": 2.5}, y=alt.Y("smooth:Q"), strokeDash=dash_of(series, styles)))
    if reached is not None:  # even for none: with the same layers a new rate only brings new rows into the picture
        layers.append(_rings(reached, axes))

    last = frame[columns].iloc[-1].astype(float)
    colours = {n: s.colour for n, s in zip(series, styles, strict=True)}
    none = pd.DataFrame(columns=["name", "step", "kind", "label"])
    failed = none if events is None or events.empty else events
    told = set(failed.loc[failed["kind"] == "diverged", "name"])  # its words name it already
    apart = len(set(rates)) > 1
    names = {n: f"{n} {rates[i]:g}" if apart else n for i, n in enumerate(series)}
    ends = [End(names[n], float(last[f"smooth_{n}"]), colours[n]) for n in series if n not in told]
    smooth = frame[["step", *columns]].set_axis(["step", *series], axis="columns")
    marks = event_marks(failed, smooth, colours, axes)
    layers += readings(axes, text, columns, series, folded, ends=ends, marks=marks)
    data = csv_rows(frame, ["step", *(f"{p}_{n}" for n in series for p in parts)], endless="Infinity")
    called = [_CALLED[p] for p in parts]
    taken = [({"optimizer": n}, {_CALLED[p]: f"{p}_{n}" for p in parts}) for n in series]
    saved = Saved({name: name for name in ("step", "optimizer", *called)}, taken)
    return stack(layers, data, axes.height, player_params(axes.step), saved=saved)


def _rings(reached: Mapping[str, float], axes: Axes) -> Layer:
    """A ring on the target for each optimizer, where its loss on all data was first below."""
    rows = [{"step": int(step), "target": axes.target, "colour": OPTIMIZERS[n].colour} for n, step in reached.items()]
    look = {"size": 110, "strokeWidth": 2.5, "filled": False, "opacity": 1, "clip": True}
    colour = alt.Color("colour:N", scale=None)
    return layer("point", look, data=few(rows, "reached"), x=alt.X("step:Q"), y=alt.Y("target:Q"), color=colour)
