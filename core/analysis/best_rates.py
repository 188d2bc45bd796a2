"""Best rates: chosen on seeds of their own, so that what is then reported of the shown seeds is not their luck."""

import math
from dataclasses import replace

import pandas as pd

from core.engine.history import ROUNDING
from core.spec.experiment import LADDER, Experiment, Optimizer

#: The seeds that rates are chosen on start here, and are at least so many.
CHOOSING, LEAST = 1000, 8


def sweep_of(experiment: Experiment) -> Experiment:
    """Return the experiment over the whole ladder, no optimizer with a rate of its own."""
    return replace(
        experiment,
        optimizers=tuple(replace(o, lr=None) for o in experiment.optimizers),
        learning_rates=LADDER,
    )


def choosing(experiment: Experiment) -> Experiment:
    """Return the experiment on the seeds its rates are chosen on: as many as shown, at least 8, none of them shown."""
    count = max(LEAST, experiment.seeds)
    end = experiment.first_seed + experiment.seeds
    apart = end <= CHOOSING or experiment.first_seed >= CHOOSING + count
    return replace(experiment, seeds=count, first_seed=CHOOSING if apart else end)


def best_rates(sweep: pd.DataFrame) -> pd.DataFrame:
    """Return name, rate, loss: for each optimizer the rate of the least median end.

    Who diverges at all rates has none, nor has who ends alike at all of them, but for rounding.
    """
    alike = sweep.groupby("name", sort=False)["median"].transform(_alike)
    found = sweep[(sweep["median"] < math.inf) & ~alike]
    found = found.loc[found.groupby("name", sort=False)["median"].idxmin()]
    return found[["name", "rate", "median"]].rename(columns={"median": "loss"}).reset_index(drop=True)


def _alike(medians: pd.Series) -> bool:
    most = medians.abs().max()
    return len(medians) > 1 and most < math.inf and bool(medians.max() - medians.min() <= ROUNDING * most)


def at_best_rates(experiment: Experiment, best: pd.DataFrame) -> Experiment:
    """Return the experiment with each optimizer at its own best rate, where it has one."""
    rates = dict(zip(best["name"], best["rate"], strict=True))
    optimizers: list[Optimizer] = [replace(o, lr=rates.get(o.name)) for o in experiment.optimizers]
    return replace(experiment, optimizers=tuple(optimizers))


def reported(sweep: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """Return name, rate, loss: the chosen rates with the median end that the sweep of other seeds has there."""
    found = best[["name", "rate"]].merge(sweep[["name", "rate", "median"]], on=["name", "rate"])
    return found.rename(columns={"median": "loss"})
