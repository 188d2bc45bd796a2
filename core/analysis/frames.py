"""Histories as pandas frames: the curves that charts draw, medians and bands over seeds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from core.analysis.quantiles import quantile
from core.catalogue.data_sets import DATA_SETS, inputs
from core.engine.history import History
from core.engine.network import predict
from core.engine.start import draw
from core.spec.experiment import Experiment

#: The most rows of one line in a chart; longer runs are thinned evenly.
MAX_ROWS = 400
#: Points of a fitted curve, and of each side of a fitted surface.
CURVE, SIDE = 61, 17
#: The share of seeds inside a band.
BAND = (0.1, 0.9)


@dataclass(frozen=True)
class Line:
    """One optimizer at one learning rate: its columns in a history are its seeds."""

    name: str
    rate: float
    columns: tuple[int, ...]


def lines(history: History) -> list[Line]:
    """Return the history's columns grouped by optimizer and rate, in their order."""
    groups: dict[tuple[str, float], list[int]] = {}
    for column, run in enumerate(history.runs):
        groups.setdefault((run.optimizer.name, run.learning_rate), []).append(column)
    return [Line(name, rate, tuple(columns)) for (name, rate), columns in groups.items()]


def smoothed(loss: pd.DataFrame, weight: float) -> pd.DataFrame:
    """Return the exponential moving average over steps that forgets by `weight` a step, its start corrected.

    What is infinite stays so and enters no average.
    """
    if not weight:
        return loss
    finite = loss.where(loss < np.inf)
    return finite.ewm(alpha=1 - weight, adjust=True).mean().where(finite.notna(), loss)


def _counted(history: History, losses: Tensor, steps: Sequence[int], columns: Sequence[int]) -> np.ndarray:
    """Return losses (rows, columns) measured after these steps; from a divergence on they are +∞."""
    values = losses[:, list(columns)].double().nan_to_num(torch.inf, torch.inf, torch.inf).numpy()
    for i, column in enumerate(columns):
        if (lost := history.outcomes[column].diverged) is not None:
            values[np.asarray(steps) >= lost, i] = np.inf
    return values  # (rows, columns)


def _losses(history: History, columns: Sequence[int]) -> pd.DataFrame:
    """Mini-batch losses of some columns by step 1, 2, …: that of step k was measured after k − 1."""
    steps = range(len(history.loss))
    index = pd.RangeIndex(1, len(history.loss) + 1, name="step")
    return pd.DataFrame(_counted(history, history.loss, steps, columns), index=index)


def _full_losses(history: History, columns: Sequence[int]) -> pd.DataFrame:
    steps = history.full_steps
    return pd.DataFrame(_counted(history, history.full_loss, steps, columns), index=pd.Index(steps, name="step"))


def _over_seeds(losses: pd.DataFrame, q: float, rows: list[int]) -> pd.Series:
    """Return the q-quantile over the columns at these steps, missing where nothing was measured."""
    return pd.Series(quantile(losses.to_numpy(), q), index=losses.index).reindex(rows)


def _between(known: pd.Series, rows: Sequence[int]) -> np.ndarray:
    """Return values at these steps, on straight lines between the steps they are known at; nan beside a nan."""
    return np.interp(rows, known.index.to_numpy(), known.to_numpy())


def coefficient_frame(steps: Sequence[int], last: int, values: Tensor) -> pd.DataFrame:
    """Return a row a snapshot of coefficients (snapshots, coefficients): `cells`, from step `begin` to before `end`."""
    return pd.DataFrame({"begin": list(steps), "end": [*steps[1:], last + 1], "cells": values.tolist()})


def largest(values: Tensor) -> float:
    """Return the size of the largest finite value, 1 where all are 0."""
    finite = values[values.isfinite()].abs()
    return float(finite.max()) if len(finite) and finite.max() > 0 else 1.0


def kept_steps(steps: int) -> list[int]:
    """Return the steps 0..steps that a chart has rows for, at most about `MAX_ROWS`."""
    every = max(1, -(-steps // MAX_ROWS))
    return sorted({*range(0, steps + 1, every), steps})


def race_frame(history: History, smooth: float) -> pd.DataFrame:
    """Return one row a step 0, 1, … with raw_N, smooth_N, full_N for each optimizer N: medians over seeds.

    Between the steps at which the full-data loss was evaluated, full_N lies on a straight line.
    With several seeds low_N and high_N are the 10% and 90% quantiles of the smoothed mini-batch loss. A seed that
    diverged counts as +∞ from there on, so all of these may be infinite. Of an optimizer with several rates the
    first counts.
    """
    rows = kept_steps(history.experiment.steps)
    drawn = {line.name: line.columns for line in reversed(lines(history))}  # the first of several rates
    everything = _losses(history, range(len(history.runs)))
    measured = np.array(rows[1:]) - 1  # of step k: at row k − 1; of step 0 there is none
    raw, strong = everything.to_numpy(), smoothed(everything, smooth).to_numpy()
    full = _full_losses(history, range(len(history.runs)))

    def over_seeds(losses: np.ndarray, columns: tuple[int, ...], q: float) -> np.ndarray:
        return np.concatenate([[np.nan], quantile(losses[measured][:, columns], q)])

    found: dict[str, np.ndarray] = {"step": np.array(rows)}
    for name in dict.fromkeys(line.name for line in lines(history)):
        columns = drawn[name]
        found[f"raw_{name}"] = over_seeds(raw, columns, 0.5)
        found[f"smooth_{name}"] = over_seeds(strong, columns, 0.5)
        found[f"full_{name}"] = _between(pd.Series(quantile(full.to_numpy()[:, columns], 0.5), full.index), rows)
        if len(columns) > 1:
            found[f"low_{name}"], found[f"high_{name}"] = (over_seeds(strong, columns, q) for q in BAND)
    return pd.DataFrame(found)


def panel_frame(history: History, chosen: Sequence[Line], smooth: float) -> pd.DataFrame:
    """Return one row a step with c0, c1, … for the chosen lines: medians over seeds of the smoothed loss."""
    rows = kept_steps(history.experiment.steps)
    strong = [smoothed(_losses(history, line.columns), smooth) for line in chosen]
    columns = {f"c{i}": _over_seeds(losses, 0.5, rows).to_numpy() for i, losses in enumerate(strong)}
    return pd.DataFrame({"step": rows, **columns})


def points_frame(experiment: Experiment, most: int = 300) -> pd.DataFrame:
    """Return x (or x1, x2) and y of seed 0's data, thinned evenly to at most `most` points."""
    start = draw(replace(experiment, seeds=1))
    x = start.x[:: -(-len(start.x) // most)]
    y = start.y[:: -(-len(start.y) // most), 0]
    names = ["x"] if x.shape[1] == 1 else ["x1", "x2"]
    return pd.DataFrame({**{n: x[:, i].numpy() for i, n in enumerate(names)}, "y": y.numpy()})


def truth_frame(experiment: Experiment) -> pd.DataFrame:
    """Return the true curve x, y on the grid of the fitted curves."""
    x = inputs(experiment.data, CURVE)
    return pd.DataFrame({"x": x[:, 0].numpy(), "y": DATA_SETS[experiment.data].truth(x).numpy()})


def fit_frame(history: History, column: int) -> pd.DataFrame:
    """Return one row a snapshot: begin, end (steps it stands for) and the fit of one run.

    The fit is y, `CURVE` numbers over [−1, 1], or z, `SIDE`² numbers with x1 running fastest.
    """
    e = history.experiment
    two = DATA_SETS[e.data].inputs == 2
    axis = torch.linspace(-1, 1, SIDE if two else CURVE)
    x = torch.cartesian_prod(axis, axis).flip(1) if two else axis.unsqueeze(1)
    fits = predict(history.snapshots[:, :, column].T, x, e.width, e.activation)  # (points, snapshots)
    begin = list(history.snapshot_steps)
    return pd.DataFrame({"begin": begin, "end": [*begin[1:], e.steps + 1], "z" if two else "y": list(fits.T.numpy())})
