"""What the page Small steps computes, as pandas frames."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from core.analysis.frames import CURVE, lines
from core.analysis.gradient_noise import GradientNoise
from core.engine.descent import BETWEEN, Walks
from core.engine.history import DIVERGED, History
from core.engine.network import predict
from core.spec.experiment import Experiment
from pages.small_steps.line_fit import LineFits

#: Rows of one line over samples, evenly spread over their logarithm.
SAMPLE_ROWS = 240
#: Arrows of a fan; medians are of all draws.
SHOWN = 60


def until_lost(losses: Tensor) -> Tensor:
    """Return losses (steps, series) as float64, nothing from where one is not finite or a million times its start."""
    lost = ~(losses <= DIVERGED * losses[0])
    return losses.double().masked_fill(lost.cummax(0).values, torch.nan)


def step_frame(losses: Tensor, steps: Sequence[int] | None = None) -> pd.DataFrame:
    """Return one row a step with c0, c1, … for the columns of losses (evaluations, series).

    `steps`, those of the evaluations, are 0, 1, 2, … if left out; between two of them lies a straight line.
    """
    values = losses.double().numpy()
    known = np.arange(len(values)) if steps is None else np.asarray(steps)
    every = np.arange(known[-1] + 1)
    columns = {f"c{i}": np.interp(every, known, values[:, i]) for i in range(values.shape[1])}
    return pd.DataFrame({"step": every, **columns})


def curve_frame(parameters: Tensor, steps: Sequence[int], last: int, experiment: Experiment) -> pd.DataFrame:
    """Return begin, end, y: the curve of parameters (parameters, snapshots) from each step to the next one."""
    x = torch.linspace(-1, 1, CURVE).unsqueeze(1)
    curves = predict(parameters.contiguous(), x, experiment.width, experiment.activation)  # (points, snapshots)
    return pd.DataFrame({"begin": list(steps), "end": [*steps[1:], last + 1], "y": curves.T.tolist()})


def line_frame(fits: LineFits, case: int) -> pd.DataFrame:
    """Return begin, end, y: the line of a case after every step, as its heights at both ends."""
    slope, height = fits.lines[:, 0, case], fits.lines[:, 1, case]
    ends = torch.stack((height - slope, height + slope), 1)  # (steps + 1, 2)
    steps = range(len(ends))
    return pd.DataFrame({"begin": steps, "end": [k + 1 for k in steps], "y": ends.tolist()})


def sample_frame(histories: Mapping[str, History]) -> pd.DataFrame:
    """Return name, step, samples (seen), loss (on all points) at evaluations spread over the samples' logarithm."""
    parts = []
    for name, history in histories.items():
        steps = np.asarray(history.full_steps)
        rows = np.unique(np.searchsorted(steps, np.geomspace(1, steps[-1], SAMPLE_ROWS), side="left"))
        loss = history.full_loss[torch.from_numpy(rows), 0].double().numpy()
        seen = samples(history, steps[rows])
        parts.append(pd.DataFrame({"name": name, "step": steps[rows], "samples": seen, "loss": loss}))
    return pd.concat(parts, ignore_index=True)


def walker_frame(histories: Mapping[str, History], frame: pd.DataFrame) -> pd.DataFrame:
    """Return step, name, samples, loss for every step of a frame with c0, c1, … for the histories."""
    parts = [
        pd.DataFrame(
            {"step": frame["step"], "name": name, "samples": samples(history, frame["step"].to_numpy())}
        ).assign(loss=frame[f"c{i}"])
        for i, (name, history) in enumerate(histories.items())
    ]
    return pd.concat(parts, ignore_index=True)


def way_frame(found: Walks) -> pd.DataFrame:
    """Return c0, c1, … at every smallest step of a way, and where longer steps begin between two of these."""
    places = torch.cat((torch.arange(len(found.loss), dtype=torch.float64), torch.tensor(BETWEEN, dtype=torch.float64)))
    order = places.argsort()
    losses = until_lost(torch.cat((found.loss, found.between))[order]).numpy()
    return pd.DataFrame({"step": places[order].numpy()} | {f"c{i}": line for i, line in enumerate(losses.T)})


def first_frame(histories: Mapping[str, History], steps: int) -> pd.DataFrame:
    """Return one row a step up to `steps` with c0, c1, …, the losses of the histories on all points."""
    frames = [step_frame(h.full_loss[:, :1], h.full_steps)[: steps + 1] for h in histories.values()]
    losses = {f"c{i}": frame["c0"] for i, frame in enumerate(frames)}
    return pd.DataFrame({"step": frames[0]["step"], **losses})


def samples(history: History, steps: np.ndarray) -> np.ndarray:
    """Return how many samples a training has seen after these steps; an epoch's last batch may be smaller."""
    sizes = np.asarray(history.experiment.batch_sizes)
    seen = np.concatenate(([0], sizes.cumsum()))
    epochs, rest = np.divmod(steps, len(sizes))
    return epochs * seen[-1] + seen[rest]


def reached_frame(histories: Mapping[str, History]) -> pd.DataFrame:
    """Return name, step and samples at which each training first got below its target; those that never did miss."""
    rows = []
    for name, history in histories.items():
        step = history.outcomes[0].reached
        if step is not None:
            rows.append((name, step, int(samples(history, np.asarray([step]))[0])))
    return pd.DataFrame(rows, columns=["name", "step", "samples"])


def soonest_rate(history: History) -> float:
    """Return the rate whose median training gets below the target in the fewest steps, its end deciding ties.

    A training that never does counts as infinitely many.
    """
    found = []
    for line in lines(history):
        reached = sorted(math.inf if (step := history.outcomes[c].reached) is None else step for c in line.columns)
        ends = history.end[list(line.columns)]
        found.append((reached[(len(reached) - 1) // 2], float(ends.median()), line.rate))
    return min(found)[2]


def fan_frame(noise: GradientNoise, size: int, last: int) -> pd.DataFrame:
    """Return begin, end, angles and lengths of the first draws of a batch size; median and uphill are those of all."""
    ends = [*noise.steps[1:], last + 1]
    angle, length = noise.angle[:, size], noise.size[:, size]  # (steps, draws)
    known = angle.isfinite()
    uphill = (angle > 90).double().sum(1) / known.sum(1)
    return pd.DataFrame(
        {
            "begin": noise.steps,
            "end": ends,
            "angles": [joined(row) for row in angle[:, :SHOWN].tolist()],
            "lengths": [joined(row) for row in length[:, :SHOWN].tolist()],
            "median": angle.nanquantile(0.5, 1).tolist(),
            "uphill": uphill.tolist(),
        }
    )


def joined(values: Sequence[float]) -> str:
    """Return the values as one text, apart by spaces, "?" for no number."""
    return " ".join(f"{v:.3g}" if math.isfinite(v) else "?" for v in values)
