"""What this scene's settings are, and what it trains."""

from core.link.forms import Flat
from core.spec.experiment import Experiment
from pages.small_steps.forms import DEFAULTS, NETWORK, form_of
from pages.small_steps.spec import SmallSteps

__all__ = ["DEFAULTS", "FORM", "TRIES"]


def trainings(spec: SmallSteps) -> list[Experiment]:
    """Return what is trained: batches of 32, and before it the ladder that their own rate is chosen on."""
    return [*([spec.choosing(32)] if spec.rates == "best" else []), spec.batched(32)]


FORM = form_of(*NETWORK, "rates", "batches.lr", trains=trainings)
TRIES: dict[str, Flat] = {}
