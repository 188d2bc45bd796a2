"""The shape that networks of every width are fitted to."""

from core.link.forms import Flat
from pages.transformer.units import DEFAULTS, form_of

__all__ = ["DEFAULTS", "FORM", "TRIES"]

FORM = form_of("shape")
TRIES: dict[str, Flat] = {"absolute": {"shape": "absolute"}}
