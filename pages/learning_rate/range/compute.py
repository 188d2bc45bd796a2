"""The ladder on the seeds that are shown, and each optimizer's best rate on others."""

from dataclasses import dataclass

import pandas as pd

from core.analysis.fair import own_best_rates
from core.engine.asking import Ask
from core.engine.history import History
from core.link.forms import Specs
from pages.learning_rate.ladder import whole_ladder


@dataclass(frozen=True)
class Swept:
    """A trained ladder, and the best rates (name, rate, loss) that other seeds chose."""

    history: History
    best: pd.DataFrame


def compute(specs: Specs, ask: Ask) -> Swept:
    """Train both."""
    ladder = whole_ladder(specs[0])
    return Swept(ask.history(ladder), own_best_rates(ladder, ask))
