"""The loss that a reader writes."""

from core.link.forms import Flat
from pages.objective.spec import DEFAULTS, form_of

__all__ = ["DEFAULTS", "FORM", "TRIES"]

FORM = form_of("own.expr")
TRIES: dict[str, Flat] = {
    "cube": {"own.expr": "abs(r)**3"},
    "bell": {"own.expr": "1 - exp(-r**2)"},
    "log": {"own.expr": "log(r)"},
}
