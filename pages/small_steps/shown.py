"""What the figures of this page have in common."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from core.charts.axes import Axes, Domain, Scale
from core.charts.style import Style
from core.player import Chart, Series
from core.player.figure import Figure


@dataclass(frozen=True)
class Shown:
    """Charts and read-out for the player, and the result in words."""

    charts: tuple[Chart, ...]
    series: tuple[Series, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...] = ()  # how it was made, in small print
    event: int | None = None  # the step a play holds at


def read_out(names: Sequence[str], styles: Sequence[Style], frame: pd.DataFrame) -> tuple[Series, ...]:
    """Return the player's read-out of the columns c0, c1, … of a frame with a row a step."""
    return tuple(
        Series(name, style.colour, style.dash, frame[f"c{i}"].astype(float).tolist())
        for i, (name, style) in enumerate(zip(names, styles, strict=True))
    )


def axes(steps: int, domain: Domain, height: int, scale: Scale = "log") -> Axes:
    """Return axes without a target, opened at the last step."""
    return Axes(loss_name="", steps=steps, step=steps, target=math.nan, scale=scale, domain=domain, height=height)


def figure(shown: Shown, steps: int, key: str = "loss_vs_step") -> Figure:
    """Return what a scene of this page shows, over so many steps."""
    return Figure(shown.charts, steps, shown.series, shown.sentences, shown.notes, event=shown.event, key=key)
