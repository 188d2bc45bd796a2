"""What this scene's settings are, and what it trains."""

from core.link.forms import Flat
from pages.small_steps.forms import DEFAULTS, form_of

__all__ = ["DEFAULTS", "FORM", "TRIES"]

FORM = form_of(*("data", "act", "few.n", "few.noise", "few.width", "few.draw"), trains=lambda spec: (spec.few,))
TRIES: dict[str, Flat] = {"more": {"few.n": 200}, "narrow": {"few.width": 3}, "clean": {"few.noise": 0.0}}
