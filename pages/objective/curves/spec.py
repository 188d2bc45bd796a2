"""Which losses are drawn, with their parameters."""

from core.link.forms import Flat
from pages.objective.spec import DEFAULTS, PARAMETERS, form_of

__all__ = ["DEFAULTS", "FORM", "TRIES"]

FORM = form_of("curves", *PARAMETERS)
TRIES: dict[str, Flat] = {
    "change": {"curves": ("mse", "l1", "huber"), "huber.delta": 0.3},
    "tilt": {"curves": ("l1", "quantile"), "quantile.tau": 0.9},
}
