"""What figures with loss against step share: its axes, and where runs diverged or collapsed."""

import math

import numpy as np
import pandas as pd

from core.analysis import result_frames
from core.charts.axes import Axes, Domain
from core.charts.domains import decades, nice, nice_above
from core.engine.history import History
from core.spec.view import View
from core.text import Text


def labelled_events(history: History, text: Text) -> pd.DataFrame:
    """Return where runs diverged or collapsed, each with the words for it as `label`."""
    events = result_frames.events_frame(history)
    count = "one" if history.experiment.seeds == 1 else "many"
    events["label"] = [
        text(f"race.{row['kind']}_{count}", name=row["name"], step=row["step"]) for row in events.to_dict("records")
    ]
    return events


def loss_axes(history: History, frame: pd.DataFrame, columns: list[str], view: View, text: Text, height: int) -> Axes:
    """Return the axes of loss against step: whole decades, or 0 to twice the best constant's loss.

    The linear one reaches farther for a line that ends above that, as one does that hardly moved, but not for one
    that ends above twice the loss at the start: it has left.
    """
    e = history.experiment
    constant = float(history.constant_loss.median())
    values = frame[columns].to_numpy(dtype=float)
    values = values[np.isfinite(values)]
    if view.scale == "log":
        domain = decades([*values.tolist(), e.target, constant, float(history.full_loss[0].max()), 2 * constant])
    elif 0 < 2 * constant < math.inf and (not len(values) or values.min() >= 0):
        ends = frame[columns].iloc[-1].to_numpy(dtype=float)
        stayed = ends[ends <= 2 * float(history.full_loss[0].median())]
        domain = (0.0, max(nice(2 * constant), nice_above(stayed.max(initial=0.0))))
    else:
        domain = _around(values)
    return Axes(
        loss_name=text(f"loss.{e.loss.name}"),
        steps=e.steps,
        step=e.steps,
        target=e.target,
        scale="log" if view.scale == "log" else "linear",
        domain=domain,
        height=height,
    )


def _around(values: np.ndarray) -> Domain:
    """Return a domain for the losses of an own loss, which may be negative or all alike."""
    if not len(values):
        return 0.0, 1.0
    low, high = np.quantile(values, (0.0, 0.99)).tolist()
    margin = 0.05 * (high - low) or abs(high) or 1.0
    return low - margin, high + margin
