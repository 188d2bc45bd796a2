"""Histories as pandas frames: what the charts draw and the sentences say, over seeds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch

from core.data import DATA_SETS, inputs
from core.history import History, Kind
from core.network import predict
from core.spec import LADDER, Experiment, Optimizer
from core.start import draw

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
    """Return the exponential moving average over steps that forgets by `weight` a step, its start corrected."""
    return loss.ewm(alpha=1 - weight, adjust=True).mean() if weight else loss


def _losses(history: History, columns: Sequence[int]) -> pd.DataFrame:
    """Mini-batch losses of some columns by step 1, 2, …; once a loss is not finite, nothing follows."""
    frame = pd.DataFrame(history.loss[:, list(columns)].double().numpy())
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="step")
    return frame.where((frame.abs() < math.inf).cummin())


def _full_losses(history: History, columns: Sequence[int]) -> pd.DataFrame:
    frame = pd.DataFrame(history.full_loss[:, list(columns)].double().numpy())
    frame.index = pd.Index(history.full_steps, name="step")
    return frame.where((frame.abs() < math.inf).cummin())


def _between(known: pd.Series, rows: Sequence[int]) -> np.ndarray:
    """Return values at these steps, on straight lines between the steps they are known at; nan beside a nan."""
    return np.interp(rows, known.index.to_numpy(), known.to_numpy())


def kept_steps(steps: int) -> list[int]:
    """Return the steps 0..steps that a chart has rows for, at most about `MAX_ROWS`."""
    every = max(1, -(-steps // MAX_ROWS))
    return sorted({*range(0, steps + 1, every), steps})


def race_frame(history: History, smooth: float) -> pd.DataFrame:
    """Return one row a step 0, 1, … with raw_N, smooth_N, full_N for each optimizer N: medians over seeds.

    Between the steps at which the full-data loss was evaluated, full_N lies on a straight line.
    With several seeds low_N and high_N are the 10% and 90% quantiles of the smoothed mini-batch loss. Of an
    optimizer with several rates the first counts.
    """
    rows = kept_steps(history.experiment.steps)
    frame = pd.DataFrame({"step": rows}).set_index("step", drop=False)
    for line in lines(history):
        if f"raw_{line.name}" in frame:
            continue
        raw, full = _losses(history, line.columns), _full_losses(history, line.columns)
        smooth_ = smoothed(raw, smooth).where(raw.notna())
        frame[f"raw_{line.name}"] = raw.median(axis=1).reindex(rows)
        frame[f"smooth_{line.name}"] = smooth_.median(axis=1).reindex(rows)
        frame[f"full_{line.name}"] = _between(full.median(axis=1), rows)
        if len(line.columns) > 1:
            low, high = (smooth_.quantile(q, axis=1).reindex(rows) for q in BAND)
            frame[f"low_{line.name}"], frame[f"high_{line.name}"] = low, high
    return frame.reset_index(drop=True)


def events_frame(history: History) -> pd.DataFrame:
    """Return name, step, kind for every optimizer most of whose seeds diverged or collapsed.

    A divergence stands at the median step of the seeds that diverged, a collapse at the end.
    """
    rows = []
    for line in lines(history):
        outcomes = [history.outcomes[c] for c in line.columns]
        diverged = sorted(o.diverged for o in outcomes if o.diverged is not None)
        if 2 * len(diverged) > len(outcomes):
            rows.append((line.name, diverged[len(diverged) // 2], "diverged"))
        elif 2 * sum(o.collapsed for o in outcomes) > len(outcomes):
            rows.append((line.name, history.experiment.steps, "collapsed"))
    return pd.DataFrame(rows, columns=["name", "step", "kind"])


def _quantile(ordered: Sequence[float], q: float) -> float:
    """Return the q-quantile of numbers in order, interpolated; nan where it reaches into infinities."""
    place = q * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place % 1) if math.isfinite(high) else math.nan


def result_frame(history: History) -> pd.DataFrame:
    """Return one row a line: name, rate, reached (median step, of the seeds that did), share, loss, kind.

    `loss` is the median end, inf where most diverged, `share` the share of seeds that reached the target,
    `kind` the value of the outcome that most seeds share.
    """
    rows = []
    for line in lines(history):
        outcomes = [history.outcomes[c] for c in line.columns]
        reached = pd.Series([o.reached for o in outcomes if o.reached is not None], dtype=float)
        kinds = pd.Series([o.kind.value for o in outcomes])
        rows.append(
            {
                "name": line.name,
                "rate": line.rate,
                "reached": reached.quantile(0.5, interpolation="lower") if len(reached) else math.nan,
                "share": len(reached) / len(outcomes),
                "loss": float(pd.Series([o.end for o in outcomes]).median()),
                "kind": kinds.mode().iloc[0],
            }
        )
    return pd.DataFrame(rows)


def sweep_frame(history: History) -> pd.DataFrame:
    """Return one row an optimizer and rate: name, rate, median, low, high of the end over seeds (null where

    not finite), and the shares of seeds that collapsed and that diverged.
    """
    rows = []
    for line in lines(history):
        outcomes = [history.outcomes[c] for c in line.columns]
        values = sorted(o.end for o in outcomes)
        median, low, high = (_quantile(values, q) for q in (0.5, *BAND))
        diverged = sum(o.kind is Kind.DIVERGED for o in outcomes)
        shares = [count / len(outcomes) for count in (sum(o.collapsed for o in outcomes), diverged)]
        rows.append((line.name, line.rate, median, low, high, *shares))
    columns = ["name", "rate", "median", "low", "high", "collapsed", "diverged"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[1:], float))


def best_rates(sweep: pd.DataFrame) -> pd.DataFrame:
    """Return name, rate, loss: for each optimizer the rate of the least median final loss."""
    found = sweep.dropna(subset=["median"])
    found = found.loc[found.groupby("name", sort=False)["median"].idxmin()]
    return found[["name", "rate", "median"]].rename(columns={"median": "loss"}).reset_index(drop=True)


def sweep_of(experiment: Experiment) -> Experiment:
    """Return the experiment over the whole ladder, no optimizer with a rate of its own."""
    return replace(
        experiment,
        optimizers=tuple(replace(o, lr=None) for o in experiment.optimizers),
        learning_rates=LADDER,
    )


def at_best_rates(experiment: Experiment, best: pd.DataFrame) -> Experiment:
    """Return the experiment with each optimizer at its own best rate, where it has one."""
    rates = dict(zip(best["name"], best["rate"], strict=True))
    optimizers: list[Optimizer] = [replace(o, lr=rates.get(o.name)) for o in experiment.optimizers]
    return replace(experiment, optimizers=tuple(optimizers))


def panel_frame(history: History, chosen: Sequence[Line], smooth: float) -> pd.DataFrame:
    """Return one row a step with c0, c1, … for the chosen lines: medians over seeds of the smoothed loss."""
    rows = kept_steps(history.experiment.steps)
    columns = {}
    for i, line in enumerate(chosen):
        raw = _losses(history, line.columns)
        columns[f"c{i}"] = smoothed(raw, smooth).where(raw.notna()).median(axis=1).reindex(rows)
    return pd.DataFrame({"step": rows, **{name: c.to_numpy() for name, c in columns.items()}})


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
    return pd.DataFrame({"begin": begin, "end": [*begin[1:], e.steps + 1], "z" if two else "y": fits.T.tolist()})
