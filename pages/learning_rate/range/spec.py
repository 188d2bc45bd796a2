"""What the range of working rates is of: an experiment at every rate of the ladder."""

from dataclasses import replace

from core.analysis.best_rates import choosing
from core.link.forms import EXPERIMENT, Flat, only
from core.spec.experiment import Experiment
from core.spec.view import View
from pages.learning_rate.ladder import BASE, OWN_RATES, whole_ladder

DEFAULTS = (BASE, View())


def trainings(experiment: Experiment) -> tuple[Experiment, ...]:
    """Return what is trained: the ladder on the seeds that are shown, and on those that best rates are chosen on."""
    ladder = whole_ladder(experiment)
    return ladder, choosing(ladder)


#: How losses are drawn and which rates means nothing here.
_OTHERS = ("lr", "scale", "smooth", "full", "rates", "by", "step", *OWN_RATES)
FORM = replace(only(EXPERIMENT, _OTHERS, DEFAULTS), trains=lambda specs: trainings(specs[0]))
TRIES: dict[str, Flat] = {
    "others": {"width": 1},
    "adagrad": {"opt": ("SGD", "Momentum", "RMSprop", "Adam", "Adagrad")},
}
