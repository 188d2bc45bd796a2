"""One run whose coefficients change on the way: row and rate for one stretch of steps, then others."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import torch
from torch import Tensor

from core.catalogue.row import Row
from core.engine.chunk import Chunk
from core.engine.passes import Room
from core.engine.rule import Rule
from core.engine.start import draw, draw_orders
from core.engine.training import flushed_denormals
from core.spec.experiment import Experiment


@dataclass(frozen=True)
class Stretch:
    """So many steps with one row at one rate."""

    row: Row
    rate: float
    steps: int


def train_stretches(
    experiment: Experiment, stretches: Sequence[Stretch], *, dtype: torch.dtype = torch.float32
) -> Tensor:
    """Train the experiment's one run along the stretches instead of its own row; return its losses (steps,).

    Parameters and both moments go on from stretch to stretch. ValueError if there is not one run, or if the stretches
    are not as long as its training.
    """
    e, like = experiment, torch.empty(0, dtype=dtype)
    if len(e.runs) != 1 or sum(s.steps for s in stretches) != e.steps:
        raise ValueError(f"{len(e.runs)} runs of {e.steps} steps cannot be trained along {stretches!r}")
    losses = []
    with flushed_denormals(), torch.inference_mode():
        start = draw(e)
        chunk = Chunk(e, start, range(1), like, Room(like))
        firsts = [1 + sum(s.steps for s in stretches[:i]) for i in range(len(stretches))]
        rules = [Rule([s.row], [s.rate], dtype, like.device, chunk.rows.shape[1]) for s in stretches]
        chunk.coefficients = chain.from_iterable(
            rule.steps(first, s.steps) for rule, first, s in zip(rules, firsts, stretches, strict=True)
        )
        for epoch, order in enumerate(draw_orders(start, chunk.seeds, e.epochs)):
            losses.append(chunk.epoch(order, epoch * len(e.batch_sizes), lambda step, chunk: None))
    return torch.cat(losses).squeeze(1).clone()
