"""What a scene shows: charts for the player, and what they come to in words and numbers."""

from dataclasses import dataclass

import pandas as pd

from core.player import Chart, Plane, Series


@dataclass(frozen=True)
class Figure:
    """Charts over steps 0..steps, their read-out, and below them the result; with 0 steps nothing is played.

    `sentences` are the result, `notes` what else a reader has to know, `event` the step a play stops at for a while,
    `opens` the step it opens at unless a link says otherwise, None the last; `followed` says that what is drawn
    below the charts follows the step where the reader rests; `plane` is the point that is dragged over a chart,
    `picks` the name in links of what a press on a mark picks; with `holds` the reader's step outlives that there are
    more steps or fewer.
    """

    charts: tuple[Chart, ...]
    steps: int = 0
    series: tuple[Series, ...] = ()
    sentences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    table: pd.DataFrame | None = None
    event: int | None = None
    opens: int | None = None
    followed: bool = False
    plane: Plane | None = None
    picks: str = ""
    holds: bool = False
    key: str = "player"
