"""What the panels are of: an experiment at a few rates, and how it is drawn."""

from dataclasses import replace

from core.link.forms import EXPERIMENT, Flat, only
from core.spec.view import View
from pages.learning_rate.ladder import BASE, OWN_RATES, chosen_rates

DEFAULTS = (BASE, View())
FORM = replace(
    only(EXPERIMENT, ("full", "rates", "step", *OWN_RATES), DEFAULTS), trains=lambda specs: (chosen_rates(specs[0]),)
)
TRIES: dict[str, Flat] = {
    "tiny": {"lr": (0.0001, 0.0003)},
    "edge": {"lr": (0.03, 0.1, 0.3, 1.0), "opt": ("SGD", "Momentum")},
    "others": {"width": 1},
}
