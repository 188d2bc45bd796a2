"""Which activation is shown, and the unit that reaches into it."""

from core.link.forms import Flat
from pages.transformer.units import DEFAULTS, form_of

__all__ = ["DEFAULTS", "FORM", "TRIES"]

FORM = form_of("unit.w", "unit.b", "unit.act")
TRIES: dict[str, Flat] = {"tanh": {"unit.act": "tanh"}, "sigmoid": {"unit.act": "sigmoid"}}
