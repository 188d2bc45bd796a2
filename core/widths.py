"""How many units a shape needs: the fitted loss against the width, for several activations over seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from core.best_rates import best_rates, choosing
from core.floors import floor_of
from core.history import History
from core.result_frames import sweep_frame
from core.spec import ESSAY, Experiment
from core.training import Device, Progress, train

WIDTHS = (1, 2, 3, 5, 10, 20, 50, 100)
ACTIVATIONS = ("relu", "tanh", "sigmoid", "identity")
#: Every network takes the better of two rates of Adam, so that a width is not judged by its rate.
BASE = Experiment(points=500, epochs=16, seeds=5, optimizers=(ESSAY[3],), learning_rates=(0.03, 0.1))
#: A network is wide enough once its loss is at most this many times what the noise alone leaves.
ENOUGH = 1.5


@dataclass(frozen=True)
class Widths:
    """One row an activation and width: activation, width, rate, median, low, high of the final full-data loss."""

    frame: pd.DataFrame
    floor: float  # what the noise alone leaves

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


def at_chosen_rate(experiment: Experiment, trained: Callable[[Experiment], History]) -> Experiment:
    """Return the experiment at the one of its rates that other seeds choose, the first if all diverge at all."""
    best = best_rates(sweep_frame(trained(choosing(experiment))))
    return replace(experiment, learning_rates=tuple(best["rate"]) or experiment.learning_rates[:1])


def widths(data: str, *, device: Device = "auto", on_progress: Progress | None = None) -> Widths:
    """Train networks of every width and activation on a data set, each at the rate that other seeds chose."""
    asked = experiments(data)
    rows: list[pd.DataFrame] = []
    for (activation, width), experiment in asked.items():
        fair = at_chosen_rate(experiment, lambda e: train(e, device=device))
        rows.append(sweep_frame(train(fair, device=device)).assign(activation=activation, width=width))
        if on_progress is not None:
            on_progress(len(rows) / len(asked))
    columns: Sequence[str] = ("activation", "width", "rate", "median", "low", "high")
    return Widths(pd.concat(rows, ignore_index=True)[list(columns)], floor_of(replace(BASE, data=data)))
