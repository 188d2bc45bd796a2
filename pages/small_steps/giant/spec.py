"""What this scene's settings are, and what it trains."""

from core.link.forms import Flat
from pages.small_steps.forms import DEFAULTS, NETWORK, form_of

__all__ = ["DEFAULTS", "FORM", "TRIES"]

FORM = form_of(*NETWORK, "walk.lr")
TRIES: dict[str, Flat] = {"shorter": {"walk.lr": 0.01}, "longer": {"walk.lr": 0.3}}
