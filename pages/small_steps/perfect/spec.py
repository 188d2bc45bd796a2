"""What this scene's settings are, and what it trains."""

from core.link.forms import Flat
from pages.small_steps.forms import DEFAULTS, form_of

__all__ = ["DEFAULTS", "FORM", "TRIES"]

FORM = form_of("line.noise", trains=lambda spec: ())
TRIES: dict[str, Flat] = {}
