"""What this scene's settings are, and what it trains."""

from core.link.forms import Flat
from pages.small_steps.forms import DEFAULTS, NETWORK, form_of

__all__ = ["DEFAULTS", "FORM", "TRIES"]

FORM = form_of(*NETWORK, "rounds.opt", "rounds.lr", "rounds.seeds", trains=lambda spec: (spec.many,))
TRIES: dict[str, Flat] = {}
