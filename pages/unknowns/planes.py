"""Planes of points that something walks in, as logistic regression and clustering do, and its losses."""

import pandas as pd
import torch

from core.analysis.sentences import listed
from core.charts.axes import Domain
from core.charts.descents import loss_chart
from core.player import Chart
from core.text import Text
from pages.unknowns.forms import loss_axes

LOSS_HEIGHT, PLANE_HEIGHT = 200, 260


def losses(frame: pd.DataFrame, method: str, text: Text, called: dict[str, str] | None = None) -> Chart:
    """Return the chart of each walker's loss (a column of the frame); `called` names those that are no optimizers."""
    names = [str(c) for c in frame if c != "step"]
    values = frame[names].to_numpy().ravel().tolist()
    high = 10 * float(frame[names].iloc[0].max())  # what diverges leaves the picture
    steps = len(frame) - 1
    axes = loss_axes([v for v in values if v <= high], steps, "linear", LOSS_HEIGHT)
    chart = loss_chart(frame, text(f"unknowns.{method}.loss"), axes, text, stepped=called)
    alt = text("unknowns.losses_alt", names=listed([(called or {}).get(n, n) for n in names], text), steps=steps)
    title = text(f"unknowns.{method}.losses")
    return Chart(chart.to_dict(validate=False), title, alt, 12, LOSS_HEIGHT + 60, "loss", True)


def columns(count: int) -> int:
    """Return how many of 12 columns each of so many planes takes."""
    return 6 if count <= 2 else 4 if count % 3 == 0 or count > 4 else 3


def domains(x: torch.Tensor) -> tuple[Domain, Domain]:
    """Return the ends of both axes for points (points, 2): all of them, with a margin."""
    low, high = x.amin(0), x.amax(0)
    margin = 0.08 * (high - low)
    (x1, y1), (x2, y2) = (low - margin).tolist(), (high + margin).tolist()
    return (x1, x2), (y1, y2)
