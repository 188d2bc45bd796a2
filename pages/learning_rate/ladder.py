"""What both scenes train: every optimizer at the rates of the ladder, none at a rate of its own."""

from dataclasses import replace

from core.analysis.best_rates import sweep_of
from core.link.forms import EXPERIMENT
from core.spec.experiment import LADDER, Experiment

BASE = Experiment(learning_rates=(0.0001, 0.001, 0.01, 0.1, 0.3, 1.0), seeds=8)
#: Names that mean nothing here: nobody has a rate of its own.
OWN_RATES = tuple(name for name in EXPERIMENT.names if name.endswith(".lr"))


def whole_ladder(experiment: Experiment) -> Experiment:
    """Return the experiment over the whole ladder."""
    return replace(sweep_of(experiment), learning_rates=LADDER)


def chosen_rates(experiment: Experiment) -> Experiment:
    """Return the experiment at its own rates, for every optimizer."""
    return replace(sweep_of(experiment), learning_rates=tuple(sorted(experiment.learning_rates)))
