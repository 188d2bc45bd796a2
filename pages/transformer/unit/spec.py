"""What one unit is."""

from core.link.forms import Flat
from pages.transformer.units import DEFAULTS, form_of

__all__ = ["DEFAULTS", "FORM", "TRIES"]

FORM = form_of("unit.w", "unit.b", "unit.v", "unit.act")
TRIES: dict[str, Flat] = {"dead": {"unit.w": 1.0, "unit.b": -2.0}}
