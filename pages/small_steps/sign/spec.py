"""What this scene's settings are, and what it trains."""

from core.link.forms import Flat
from pages.small_steps.forms import DEFAULTS, NETWORK, form_of

__all__ = ["DEFAULTS", "FORM", "TRIES"]

FORM = form_of(*NETWORK, "sign", "sign.lr")
TRIES: dict[str, Flat] = {"uphill": {"sign": "add", "sign.lr": 0.001}}
