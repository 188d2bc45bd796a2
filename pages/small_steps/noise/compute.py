"""Mini-batch gradients against the gradient of all points, along one training."""

from dataclasses import dataclass

from core.analysis.gradient_noise import DRAWS, SIZES, GradientNoise, gradient_noise
from core.engine.asking import Ask
from core.engine.history import History
from core.link.forms import Specs, canonical
from pages.small_steps.batches.compute import batched


@dataclass(frozen=True)
class Noisy:
    """A training with batches of 32, and the noise of gradients along it."""

    history: History
    noise: GradientNoise


def compute(specs: Specs, ask: Ask) -> Noisy:
    """Train, and draw batches along the way."""
    history = ask.history(batched(specs[0], 32, ask))
    e = history.experiment
    units = len(history.snapshot_steps) * (e.points + DRAWS * sum(SIZES)) * e.width
    key = f"gradient-noise?{canonical(e)}"
    return Noisy(history, ask.result(key, lambda _: gradient_noise(history), units))
