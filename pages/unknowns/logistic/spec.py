"""The points, and who walks."""

from core.link.forms import Flat
from core.logistic import Logistic
from core.ui.unknowns import LOGISTIC as FORM

__all__ = ["DEFAULTS", "FORM", "TRIES"]

DEFAULTS = (Logistic(),)
TRIES: dict[str, Flat] = {"apart": {"logistic.gap": 6.0}, "coin": {"logistic.gap": 0.0}}
