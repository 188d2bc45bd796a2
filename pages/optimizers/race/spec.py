"""What a race is of: an experiment, how its losses are drawn, and at whose rates."""

from dataclasses import replace

from core.analysis.best_rates import choosing, sweep_of
from core.link.forms import EXPERIMENT, Flat, only
from core.spec.experiment import Experiment
from core.spec.view import View

DEFAULTS = (Experiment(), View())


def trainings(experiment: Experiment, view: View) -> tuple[Experiment, ...]:
    """Return what a race trains: itself, and before it the ladder if each optimizer takes its own best rate."""
    return (experiment,) if view.rates == "same" else (choosing(sweep_of(experiment)), experiment)


FORM = replace(only(EXPERIMENT, ("by", "step"), DEFAULTS), trains=lambda specs: trainings(*specs))

TRIES: dict[str, Flat] = {
    "rate": {"lr": (0.3,)},
    "stop": {"opt": ("SGD", "Momentum"), "momentum.momentum": 0.99, "lr": (0.03,), "full": True},
    "seeds": {"rates": "best", "seeds": 16, "scale": "log"},
}
