"""The points, and who walks."""

from core.link.forms import Flat
from pages.unknowns.forms import LOGISTIC as FORM
from pages.unknowns.two_classes import Logistic

__all__ = ["DEFAULTS", "FORM", "TRIES"]

DEFAULTS = (Logistic(),)
TRIES: dict[str, Flat] = {"apart": {"logistic.gap": 6.0}, "coin": {"logistic.gap": 0.0}}
