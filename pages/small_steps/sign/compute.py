"""Full-batch SGD that subtracts the gradient, and one that adds it."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.engine.asking import Ask
from core.engine.descent import descend, full_losses
from core.link.forms import Specs, canonical
from core.spec.experiment import Experiment
from pages.small_steps.spec import SIGN_STEPS, SmallSteps


@dataclass(frozen=True)
class Signs:
    """Both walks: parameters and losses on all points at every step, subtracting first."""

    trail: Tensor  # (steps + 1, parameters, signs)
    losses: Tensor  # (steps + 1, signs)


def compute(specs: Specs, ask: Ask) -> Signs:
    """Walk both ways."""
    spec: SmallSteps = specs[0]
    e, rate = spec.network, spec.sign_rate
    return ask.kept(f"signs?{canonical(e)}&rate={rate!r}", lambda: both_signs(e, rate))


def both_signs(e: Experiment, rate: float) -> Signs:
    """Return both walks of a network."""
    trail = descend(e, [rate, -rate], SIGN_STEPS)
    return Signs(trail, torch.stack([full_losses(e, trail[:, :, i].T) for i in range(2)], 1))
