"""Frames of one run in four steps: the data and who of it is in each batch, the residuals, where to stop."""

import math
from dataclasses import replace

import pandas as pd
import torch

from core.analysis.frames import kept_steps
from core.engine.history import History
from core.engine.network import predict
from core.engine.start import draw, draw_order
from core.spec.experiment import Experiment

#: Points that are drawn at most, and how many visits to a point by a batch.
POINTS, VISITS = 1000, 16_000
#: Residuals that are drawn, few enough to see each.
RESIDUALS = 40


def visits_frame(experiment: Experiment) -> pd.DataFrame:
    """Return x (or x1, x2), y of seed 0's data, and `visits`: the steps, in order, whose batch has the point.

    Step s is the update that makes it s. Points are thinned evenly where they, or the visits, are too many.
    """
    e = replace(experiment, seeds=1)
    start = draw(e)
    every = max(-(-e.points // POINTS), -(-e.points * e.epochs // VISITS))
    step_of_place = torch.repeat_interleave(torch.arange(len(e.batch_sizes)), torch.tensor(e.batch_sizes))  # (points,)
    steps = torch.empty(e.epochs, e.points, dtype=torch.long)
    for epoch in range(e.epochs):
        order = draw_order(start)[:, 0]  # (points,)
        steps[epoch, order] = step_of_place + epoch * len(e.batch_sizes) + 1
    names = ["x"] if start.x.shape[1] == 1 else ["x1", "x2"]
    kept = slice(None, None, every)
    columns = {name: start.x[kept, i].numpy() for i, name in enumerate(names)}
    return pd.DataFrame({**columns, "y": start.y[kept, 0].numpy(), "visits": steps[:, kept].T.tolist()})


def residuals_frame(history: History, column: int) -> pd.DataFrame:
    """Return one row a snapshot: begin, end (steps it stands for), and lists x, y and fit of some points.

    x is the first input. The points are evenly spaced among those of the run's seed, `RESIDUALS` at most, each
    in the middle of its share.
    """
    e, targets = history.experiment, history.targets(column)
    count = min(RESIDUALS, e.points)
    chosen = ((torch.arange(count) + 0.5) * e.points / count).long()
    chosen = chosen[history.x[chosen, 0].argsort()]
    fits = predict(history.snapshots[:, :, column].T, history.x[chosen], e.width, e.activation)  # (points, snapshots)
    begin = list(history.snapshot_steps)
    x, y = history.x[chosen, 0].tolist(), targets[chosen].tolist()
    return pd.DataFrame(
        {
            "begin": begin,
            "end": [*begin[1:], e.steps + 1],
            "x": [x] * len(begin),
            "y": [y] * len(begin),
            "fit": fits.T.tolist(),
        }
    )


def losses_frame(history: History, column: int, also: int | None = None) -> pd.DataFrame:
    """Return one row a step 0, 1, …: step, batch (nan at 0) and full, the last evaluation up to that step.

    Long runs are thinned evenly, with the step `also` among those that stay; a loss that is not finite
    is missing, as is what follows it.
    """
    e = history.experiment
    steps = pd.RangeIndex(e.steps + 1)
    batch = pd.Series(history.loss[:, column].double().numpy(), index=steps[1:])
    full = pd.Series(history.full_loss[:, column].double().numpy(), index=list(history.full_steps))
    full = full.where((full.abs() < math.inf).cummin()).reindex(steps, method="ffill", limit=history.eval_every)
    batch = batch.where((batch.abs() < math.inf).cummin()).reindex(steps)
    frame = pd.DataFrame({"step": steps, "batch": batch, "full": full})
    kept = {*kept_steps(e.steps), *(() if also is None else (also,))}
    return frame.loc[sorted(kept)].reset_index(drop=True)


def stop_step(history: History, column: int, target: float) -> int | None:
    """Return the first step evaluated whose full-data loss is below the target, before any divergence; else None."""
    below = (history.full_loss[:, column] < target).tolist()
    found = next((step for step, yes in zip(history.full_steps, below, strict=True) if yes), None)
    lost = history.outcomes[column].diverged
    return None if found is None or (lost is not None and found >= lost) else found
