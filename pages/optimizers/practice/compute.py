"""Every method on every data set, each at its own best rate, chosen on other seeds than it is shown on."""

from dataclasses import dataclass, replace

import pandas as pd

from core.analysis.best_rates import choosing, sweep_of
from core.analysis.comparison import Verdict, compare
from core.analysis.fair import at_own_best
from core.analysis.frames import lines
from core.analysis.result_frames import sweep_frame
from core.catalogue.data_sets import DATA_SETS
from core.catalogue.optimizers import METHODS
from core.engine.asking import Ask
from core.engine.history import History
from core.link.forms import Specs
from core.spec.experiment import Experiment, Optimizer

#: What is shown: the classic experiment with every method, on each data set.
BASE = Experiment(optimizers=tuple(map(Optimizer, METHODS)), seeds=8)


@dataclass(frozen=True)
class Practice:
    """One row a data set and optimizer (data, name, rate, median, low, high, best), and how many runs are behind it.

    `best` has who has the lowest median, and whom that one does not lead, seed by seed.
    """

    rows: pd.DataFrame
    runs: int


def experiments() -> dict[str, Experiment]:
    """Return the experiment of each data set, its rates still to be chosen."""
    return {data: replace(BASE, data=data) for data in DATA_SETS}


def at_best(ask: Ask) -> dict[str, Experiment]:
    """Return, for each data set, the experiment with each method at its own best rate."""
    return {data: at_own_best(experiment, ask) for data, experiment in experiments().items()}


def compute(_: Specs, ask: Ask) -> Practice:
    """Train them all."""
    histories = {data: ask.history(experiment) for data, experiment in at_best(ask).items()}
    ladders = [choosing(sweep_of(experiment)) for experiment in experiments().values()]
    runs = sum(e.columns for e in ladders) + sum(h.experiment.columns for h in histories.values())
    return ask.kept("optimizers.practice", lambda: Practice(rows_of(histories), runs))


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
