"""What this scene's settings are, and what it trains."""

from core.link.forms import Flat
from core.spec.experiment import Experiment
from pages.small_steps.forms import DEFAULTS, NETWORK, form_of
from pages.small_steps.spec import BATCHES, SmallSteps

__all__ = ["DEFAULTS", "FORM", "TRIES"]


def trainings(spec: SmallSteps) -> list[Experiment]:
    """Return what is trained: every batch size, and before it the ladders that their own rates are chosen on."""
    ladders = [spec.choosing(size) for size in BATCHES] if spec.rates == "best" else []
    return [*ladders, *(spec.batched(size) for size in BATCHES)]


FORM = form_of(*NETWORK, "rates", "batches.lr", trains=trainings)
TRIES: dict[str, Flat] = {"best": {"rates": "best"}}
