"""Every method on every data set, each at its own best rate, chosen on other seeds than it is shown on."""

from dataclasses import dataclass, replace

import pandas as pd

from core.analysis.best_rates import choosing, sweep_of
from core.analysis.comparison import Verdict, compare
from core.analysis.fair import at_own_best
from core.analysis.frames import lines
from core.analysis.result_frames import sweep_frame
from core.catalogue.data_sets import DATA_SETS
from core.catalogue.optimizers import named
from core.engine.asking import Ask, AtOnce
from core.engine.history import History
from core.engine.training import Progress, train
from core.link.forms import Specs
from core.spec.experiment import Experiment, Optimizer

#: What is shown: the classic experiment with every method, on each data set.
BASE = Experiment(optimizers=tuple(map(Optimizer, named())), seeds=8)


@dataclass(frozen=True)
class Practice:
    """One row a data set and optimizer (data, name, rate, median, low, high, best), and how many runs are behind it.

    `best` has who has the lowest median, and whom that one does not lead, seed by seed. `shown` are the experiments of
    the rows, one a data set.
    """

    rows: pd.DataFrame
    runs: int
    shown: tuple[Experiment, ...]


def experiments() -> dict[str, Experiment]:
    """Return the experiment of each data set, its rates still to be chosen."""
    return {data: replace(BASE, data=data) for data in DATA_SETS}


def compute(_: Specs, ask: Ask) -> Practice:
    """Train them all as one work, of which the table is kept: the trainings would take 45 MB."""
    units = sum(e.effort + choosing(sweep_of(e)).effort for e in experiments().values())
    return ask.result("optimizers.practice", _practice, units)


def _practice(progress: Progress) -> Practice:
    asked = experiments()
    histories: dict[str, History] = {}
    for data, experiment in asked.items():

        def step(share: float, done: int = len(histories)) -> None:
            progress((done + share) / len(asked))

        shown = at_own_best(experiment, AtOnce(step))  # nearly all of the work
        histories[data] = train(shown)
    runs = sum(choosing(sweep_of(e)).columns for e in asked.values())
    drawn = tuple(history.experiment for history in histories.values())
    return Practice(rows_of(histories), runs + sum(e.columns for e in drawn), drawn)


def rows_of(histories: dict[str, History]) -> pd.DataFrame:
    """Return the rows of these trainings, one experiment a data set."""
    parts = []
    for data, history in histories.items():
        frame = sweep_frame(history)
        ends = {line.name: [history.outcomes[c].end for c in line.columns] for line in lines(history)}
        medians = dict(zip(frame["name"], frame["median"], strict=True))
        lowest = ends[min(medians, key=medians.__getitem__)]
        unbeaten = [compare(lowest, ends[name]) is not Verdict.LOWER for name in medians]
        parts.append(frame.assign(data=data, best=unbeaten))
    return pd.concat(parts, ignore_index=True)[["data", "name", "rate", "median", "low", "high", "best"]]
