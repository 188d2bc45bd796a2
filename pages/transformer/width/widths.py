"""How many units it takes until training gets to a shape: its end against the width, for several activations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from core.analysis.noise_floor import floor_of
from core.analysis.result_frames import sweep_frame
from core.engine.training import Device, Progress, train
from core.spec.experiment import ESSAY, Experiment

WIDTHS = (1, 2, 3, 5, 10, 20, 50)
ACTIVATIONS = ("relu", "tanh", "sigmoid", "identity")
#: Every network trains in the same way, 3,200 steps: after 256, few that are wide enough have got there.
BASE = Experiment(points=500, epochs=200, seeds=5, optimizers=(ESSAY[3],), learning_rates=(0.03,))
#: A network has got there once its loss is at most this many times what the noise alone costs.
ENOUGH = 1.5


@dataclass(frozen=True)
class Widths:
    """One row an activation and width: activation, width, and median, low, high of the end over seeds."""

    frame: pd.DataFrame
    floor: float  # what the noise alone costs

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        return int(self.frame.memory_usage(deep=True).sum())

    def needed(self, activation: str) -> int | None:
        """Return the least width whose median is at most `ENOUGH` times the floor, None if there is none."""
        rows = self.frame[self.frame["activation"] == activation]
        widths = rows.loc[rows["median"] <= ENOUGH * self.floor, "width"]
        return int(widths.min()) if len(widths) else None


def experiments(data: str) -> dict[tuple[str, int], Experiment]:
    """Return the experiment behind each activation and width."""
    return {(a, w): replace(BASE, data=data, activation=a, width=w) for a in ACTIVATIONS for w in WIDTHS}


def widths(data: str, *, device: Device = "auto", on_progress: Progress | None = None) -> Widths:
    """Train networks of every width and activation on a data set."""
    asked = experiments(data)
    rows: list[pd.DataFrame] = []
    for (activation, width), experiment in asked.items():

        def step(share: float, done: int = len(rows)) -> None:
            if on_progress is not None:
                on_progress((done + share) / len(asked))

        sweep = sweep_frame(train(experiment, device=device, on_progress=step))
        rows.append(sweep.assign(activation=activation, width=width))
    columns: Sequence[str] = ("activation", "width", "median", "low", "high")
    return Widths(pd.concat(rows, ignore_index=True)[list(columns)], floor_of(replace(BASE, data=data)))
