"""A fair comparison: each optimizer at its own best rate, chosen on seeds that are not shown."""

import pandas as pd

from core.analysis.best_rates import at_best_rates, best_rates, choosing, sweep_of
from core.analysis.result_frames import sweep_frame
from core.engine.asking import Ask
from core.link.forms import canonical
from core.spec.experiment import Experiment


def at_own_best(experiment: Experiment, ask: Ask) -> Experiment:
    """Return the experiment with each optimizer at its own best rate of the ladder."""
    return at_best_rates(experiment, own_best_rates(sweep_of(experiment), ask))


def own_best_rates(ladder: Experiment, ask: Ask) -> pd.DataFrame:
    """Return name, rate, loss of each optimizer's best rate of a ladder."""
    asked = choosing(ladder)
    history = ask.history(asked)
    return ask.kept(f"best_rates?{canonical(asked)}", lambda: best_rates(sweep_frame(history)))
