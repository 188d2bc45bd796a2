"""Fits under several losses: how far each curve is from the true one, and who has how much influence."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import torch
from torch import Tensor

from core.analysis.frames import CURVE
from core.analysis.loss_frames import slope
from core.analysis.noise_floor import truth_loss
from core.catalogue.data_sets import DATA_SETS
from core.engine.asking import Ask
from core.engine.history import History, Kind, end_steps
from core.engine.network import predict
from core.engine.start import draw
from core.link.forms import Specs
from core.spec.experiment import Experiment
from pages.objective.spec import fits_of


def compute(specs: Specs, ask: Ask) -> tuple[History, ...]:
    """Train the experiment under each chosen loss."""
    experiment, _, page = specs
    return tuple(map(ask.history, fits_of(experiment, page)))


def outliers(experiment: Experiment) -> Tensor:
    """Return which points of the first seed are shifted, (points,) bool."""
    one = replace(experiment, seeds=1)
    clean = replace(one, outlier_share=0.0)
    return (draw(one).y != draw(clean).y)[:, 0]


def points_frame(experiment: Experiment, most: int = 300) -> pd.DataFrame:
    """Return x, y and outlier (1 or 0) of seed 0's data with one input, thinned evenly to at most `most` points."""
    start = draw(replace(experiment, seeds=1))
    every = slice(None, None, -(-len(start.x) // most))
    shifted = outliers(experiment)
    columns = {"x": start.x[every, 0], "y": start.y[every, 0], "outlier": shifted[every].int()}
    return pd.DataFrame({name: column.numpy() for name, column in columns.items()})


def curves_frame(histories: Sequence[History]) -> pd.DataFrame:
    """Return line, begin, end, x, y, off: a row a loss and snapshot, x and y lists over [−1, 1].

    `off` is the mean distance to the true curve, over the points.
    """
    rows = []
    axis = torch.linspace(-1, 1, CURVE).unsqueeze(1)
    for line, history in enumerate(histories):
        e = history.experiment
        networks = history.snapshots[:, :, 0].T  # (parameters, snapshots)
        heights = predict(networks, axis, e.width, e.activation)  # (CURVE, snapshots)
        off = distances(history)
        begin = history.snapshot_steps
        for k, end in enumerate((*begin[1:], e.steps + 1)):
            row = {"line": line, "begin": begin[k], "end": end, "off": off[k]}
            rows.append(row | {"x": axis[:, 0].tolist(), "y": heights[:, k].tolist()})
    return pd.DataFrame(rows)


def distances(history: History) -> list[float]:
    """Return the mean distance of the fit to the true curve over the points, at every snapshot."""
    e, x = history.experiment, history.x
    fits = predict(history.snapshots[:, :, 0].T, x, e.width, e.activation)  # (points, snapshots)
    return (fits - DATA_SETS[e.data].truth(x).unsqueeze(1)).abs().mean(0).tolist()


def end_rows(history: History) -> list[int]:
    """Return the snapshots that make the end of a run: those at its `end_steps`, or the last one."""
    e = history.experiment
    wanted = end_steps(e.steps, len(e.batch_sizes))
    return [row for row, step in enumerate(history.snapshot_steps) if step in wanted]


def forgiven_frame(histories: Sequence[History]) -> pd.DataFrame:
    """Return loss, off, influence, end and truth, a row a training.

    `off` is the distance to the true curve, `influence` the outliers' share of all influence, both means over the
    end of the run; of a run that diverged `off` is infinite. A point's influence is the size of the loss's slope at
    its residual; nan where no point has any. `end` is the final loss, `truth` that of the true curve.
    """
    rows = []
    for history in histories:
        e, outcome = history.experiment, history.outcomes[0]
        ends = end_rows(history)
        lost = outcome.kind is Kind.DIVERGED
        off = math.inf if lost else sum(distances(history)[k] for k in ends) / len(ends)
        r = predict(history.snapshots[ends, :, 0].T, history.x, e.width, e.activation) - history.y  # (points, ends)
        influences = slope(e.loss, r.double()).abs()
        share = (influences[outliers(e)].sum(0) / influences.sum(0)).mean().item()
        rows.append({"loss": e.loss.name, "off": off, "influence": share, "end": outcome.end, "truth": truth_loss(e)})
    return pd.DataFrame(rows)
