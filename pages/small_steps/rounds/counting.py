"""How many steps a training takes to each target of a ladder, over seeds."""

import math

import numpy as np
import pandas as pd

from core.analysis.noise_floor import floor_of
from core.analysis.quantiles import most_by
from core.engine.history import History
from core.spec.experiment import Experiment

#: The targets, in multiples of the loss that no prediction can stay below on fresh points.
MULTIPLES = (5.0, 3.0, 2.0, 1.5, 1.2, 1.1, 1.0)
#: What they are multiples of where there is no noise.
NO_NOISE = 0.01


def targets(experiment: Experiment) -> tuple[float, ...]:
    """Return the ladder, from easy to hard: multiples of the loss of the truth itself, σ² for MSE."""
    floor = floor_of(experiment) or NO_NOISE
    return tuple(float(f"{multiple * floor:.4g}") for multiple in MULTIPLES)


def first_steps(history: History, ladder: tuple[float, ...]) -> pd.DataFrame:
    """Return target, run and step: the first with a full-data loss below it, inf where there is none.

    Nothing counts from a divergence on.
    """
    steps = np.asarray(history.full_steps)
    lost = np.array([math.inf if o.diverged is None else o.diverged for o in history.outcomes])
    fine = steps[:, None] < lost  # (evaluations, runs)
    rows = []
    for target in ladder:
        below = (history.full_loss < target).numpy() & fine
        first = np.where(below.any(0), steps[below.argmax(0)], np.inf)
        rows += [(target, run, step) for run, step in enumerate(first.tolist())]
    return pd.DataFrame(rows, columns=["target", "run", "step"])


def summary(first: pd.DataFrame) -> pd.DataFrame:
    """Return target, share (of the runs that got there) and median in the ladder's order.

    The median is the first step by which more than half have got there, inf where as many never do.
    """
    groups = first.groupby("target", sort=False)["step"]
    found = pd.DataFrame(
        {
            "share": groups.agg(lambda steps: float(np.isfinite(steps).mean())),
            "median": groups.agg(lambda steps: most_by(steps.to_numpy())),
        }
    )
    return found.reset_index()
