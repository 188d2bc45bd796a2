"""How many steps a training takes to each target of a ladder, over seeds."""

import pandas as pd

from core.floors import floor_of
from core.history import History
from core.spec import Experiment

#: The targets, in multiples of the loss that no prediction can stay below on fresh points.
MULTIPLES = (5.0, 3.0, 2.0, 1.5, 1.2, 1.1, 1.0)
#: What they are multiples of where there is no noise.
NO_NOISE = 0.01


def targets(experiment: Experiment) -> tuple[float, ...]:
    """Return the ladder, from easy to hard: multiples of the loss of the truth itself, σ² for MSE."""
    floor = floor_of(experiment) or NO_NOISE
    return tuple(float(f"{multiple * floor:.4g}") for multiple in MULTIPLES)


def first_steps(history: History, ladder: tuple[float, ...]) -> pd.DataFrame:
    """Return target, run and step: the first with a full-data loss below it, missing where there is none."""
    steps = pd.Series(history.full_steps, dtype=float)
    rows = []
    for target in ladder:
        below = history.full_loss < target  # (evaluations, runs)
        first = below.int().argmax(0).tolist()
        for run, (row, ever) in enumerate(zip(first, below.any(0).tolist(), strict=True)):
            rows.append((target, run, steps[row] if ever else None))
    return pd.DataFrame(rows, columns=["target", "run", "step"]).astype({"step": float})


def summary(first: pd.DataFrame) -> pd.DataFrame:
    """Return target, share (of the runs that got there) and median (their middle step), in the ladder's order."""
    groups = first.groupby("target", sort=False)["step"]
    found = pd.DataFrame(
        {"share": groups.count() / groups.size(), "median": groups.quantile(0.5, interpolation="lower")}
    )
    return found.reset_index()
