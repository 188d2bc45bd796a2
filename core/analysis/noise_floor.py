"""What the noise alone costs at the true curve, and the target that makes sense above it.

That is a landmark and no floor: on the points it is trained on, a curve can go below it.
"""

import math
from functools import lru_cache

import torch

from core.catalogue.data_sets import DATA_SETS
from core.catalogue.losses import LOSSES
from core.engine.start import draw
from core.spec.experiment import Experiment, Loss

#: The targets a control offers.
TARGETS = (2.0, 1.0, 0.5, 0.3, 0.2, 0.15, 0.1, 0.08, 0.05, 0.03, 0.02, 0.015, 0.012, 0.011, 0.01, 0.005, 0.003, 0.001)
_SIGMAS, _PLACES = 8.0, 4001


@lru_cache(maxsize=256)
def noise_floor(loss: Loss, noise: float, share: float = 0.0, size: float = 0.0) -> float:
    """Return the mean loss at the true curve under normal noise of this σ; nan or infinite where the loss is.

    A `share` of the points is shifted by `size`. The mean is an integral over the noise, by the trapezoid rule.
    """
    z = torch.linspace(-_SIGMAS, _SIGMAS, _PLACES, dtype=torch.float64)
    weight = torch.exp(-(z**2) / 2)
    weight /= weight.sum()

    def mean(shift: float) -> float:
        r = -(noise * z + shift)  # prediction − y
        return float(LOSSES[loss.name].value(r, loss.parameter or 0.0) @ weight)

    return (1 - share) * mean(0.0) + (share * mean(size) if share else 0.0)


def usual_target(loss: Loss, noise: float, share: float = 0.0, size: float = 0.0) -> float:
    """Return the lowest target that a curve reaches which is as far off as the noise: of √2 times the noise.

    Where the loss is not finite, or below every target, the nearest end of the ladder.
    """
    off = noise_floor(loss, math.sqrt(2) * noise, share, size)
    return min((t for t in TARGETS if t * (1 + 1e-9) >= off), default=TARGETS[0])


def floor_of(experiment: Experiment) -> float:
    """Return what the noise alone costs under the experiment's own loss, for fresh points."""
    e = experiment
    return noise_floor(e.loss, e.noise, e.outlier_share, e.outlier_size)


def truth_loss(experiment: Experiment) -> float:
    """Return the loss of the true curve on the very points of the experiment's first seed."""
    e, start = experiment, draw(experiment)
    r = (DATA_SETS[e.data].truth(start.x) - start.y[:, 0]).double()
    return LOSSES[e.loss.name].value(r, e.loss.parameter or 0.0).mean().item()
