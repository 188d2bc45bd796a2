"""The one run behind the four panels."""

from dataclasses import replace

from core.engine.asking import Ask
from core.engine.history import History
from core.link.forms import Specs
from core.spec.experiment import Experiment


def training_of(experiment: Experiment) -> Experiment:
    """Return what to train: the target decides nothing but where to stop, so all targets share a training."""
    return replace(experiment, target=Experiment().target)


def compute(specs: Specs, ask: Ask) -> History:
    """Train it."""
    return ask.history(training_of(specs[0]))
