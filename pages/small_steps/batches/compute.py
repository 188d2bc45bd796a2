"""The same training with every batch size."""

from dataclasses import replace

from core.engine.asking import Ask
from core.engine.history import History
from core.link.forms import Specs
from core.spec.experiment import Experiment
from pages.small_steps.frames import soonest_rate
from pages.small_steps.spec import BATCHES, SmallSteps


def batched(spec: SmallSteps, size: int | None, ask: Ask) -> Experiment:
    """Return the training with batches of this size, at the common rate or at its own soonest one."""
    asked = spec.batched(size)
    if spec.rates == "same":
        return asked
    return replace(asked, learning_rates=(soonest_rate(ask.history(spec.choosing(size))),))


def compute(specs: Specs, ask: Ask) -> dict[int | None, History]:
    """Train them all."""
    return {size: ask.history(batched(specs[0], size, ask)) for size in BATCHES}
