"""The race run: every optimizer from the same weights on the same batches."""

from core.analysis.fair import at_own_best
from core.engine.asking import Ask
from core.engine.history import History
from core.link.forms import Specs
from core.spec.experiment import Experiment


def raced(specs: Specs, ask: Ask) -> Experiment:
    """Return who races: at one common rate, or each optimizer at its own best."""
    experiment, view = specs
    return experiment if view.rates == "same" else at_own_best(experiment, ask)


def compute(specs: Specs, ask: Ask) -> History:
    """Train them."""
    return ask.history(raced(specs, ask))
