"""Any small loss walked down by the one update rule: a formula's coefficients, a boundary, centres."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor

from core.catalogue.optimizers import METHODS, named
from core.catalogue.row import Row
from core.engine.history import DIVERGED
from core.engine.rule import Rule, update
from core.spec.checks import choice
from core.spec.experiment import Optimizer

#: A loss (runs,) or its slope (parameters, runs), of parameters (parameters, runs).
OfParameters = Callable[[Tensor], Tensor]
#: Whether a walk ends where the losses (runs,) and their slopes (parameters, runs) are these.
Ended = Callable[[Tensor, Tensor], bool]


@dataclass(frozen=True)
class Walk:
    """The ways of several optimizers down the same loss from the same start, in float64."""

    optimizers: tuple[str, ...]
    path: Tensor  # (steps + 1, parameters, runs), one run an optimizer
    loss: Tensor  # (steps + 1, runs)

    @property
    def steps(self) -> int:
        """How many updates every run takes."""
        return len(self.loss) - 1

    def diverged(self, name: str) -> int | None:
        """Return the first step at which the loss is not finite or `DIVERGED` times its start."""
        loss = self.loss[:, self.optimizers.index(name)]
        lost = ~(loss <= DIVERGED * loss[0])  # true for nan as well
        return int(lost.int().argmax()) if bool(lost.any()) else None

    @property
    def event(self) -> int | None:
        """The step at which a run first diverged."""
        return min((step for step in map(self.diverged, self.optimizers) if step is not None), default=None)

    def within(self, name: str, goal: float) -> int | None:
        """Return the first step from which on the loss stays at most `goal`, None if it ends above."""
        above = (~(self.loss[:, self.optimizers.index(name)] <= goal)).nonzero()
        last = int(above[-1]) if len(above) else -1
        return None if last == self.steps else last + 1


def names(field: str, given: object) -> tuple[str, ...]:
    """Return the names of one or more optimizers, each once; else raise ValueError."""
    if not isinstance(given, (tuple, list)) or not given or len(set(given)) < len(given):
        raise ValueError(f"{field}={given!r} must be one or more optimizers, each once")
    for name in given:
        choice(field, name, named())
    return tuple(given)


def usual_row(name: str) -> Row:
    """Return an optimizer's coefficients of the one rule at its default hyperparameters."""
    return METHODS[name].row(Optimizer(name).hyperparameters)


def walk(
    start: Tensor,
    loss: OfParameters,
    slope: OfParameters,
    optimizers: Sequence[str],
    rate: float,
    steps: int,
    ended: Ended | None = None,
) -> Walk:
    """Walk from `start` (parameters,) with each optimizer at its default hyperparameters.

    At most so many steps are taken, and none once all has `ended`.
    """
    rows = [usual_row(name) for name in optimizers]
    with torch.inference_mode():
        now = start.double().unsqueeze(1).repeat(1, len(rows))  # (parameters, runs)
        rule = Rule(rows, [rate] * len(rows), now.dtype, now.device)
        state = rule.start(now)
        path, losses = [now.clone()], [loss(now)]
        for coefficients in rule.steps(1, steps):
            gradients = slope(now)
            if ended is not None and ended(losses[-1], gradients):
                break
            update(now, gradients, state, coefficients)
            path.append(now.clone())
            losses.append(loss(now))
    return Walk(tuple(optimizers), torch.stack(path).clone(), torch.stack(losses).clone())


def loss_frame(walked: Walk) -> pd.DataFrame:
    """Return one row a step: `step`, and each optimizer's loss under its name, missing once it is not finite."""
    frame = pd.DataFrame(walked.loss.numpy(), columns=list(walked.optimizers))
    frame = frame.where((frame.abs() < float("inf")).cummin())
    frame.insert(0, "step", range(len(frame)))
    return frame


def path_frame(walked: Walk, names: Sequence[str]) -> pd.DataFrame:
    """Return one row a step and optimizer: `step`, `name`, and each parameter under its name."""
    frames = []
    for run, optimizer in enumerate(walked.optimizers):
        frame = pd.DataFrame(walked.path[:, :, run].numpy(), columns=list(names))
        frame.insert(0, "name", optimizer)
        frame.insert(0, "step", range(len(frame)))
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
