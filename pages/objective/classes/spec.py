"""Three logits and the class that is right; three residuals to reduce."""

from core.link.forms import Flat
from pages.objective.spec import DEFAULTS, form_of

__all__ = ["DEFAULTS", "FORM", "TRIES"]

FORM = form_of("z.1", "z.2", "z.3", "class", "r.1", "r.2", "r.3")
TRIES: dict[str, Flat] = {
    "wrong": {"z.1": -4.0, "z.2": 4.0, "z.3": -1.0, "class": 1},
    "even": {"z.1": 1.0, "z.2": 1.0, "z.3": 1.0, "class": 1},
}
