"""Every optimizer at every chosen rate."""

from core.engine.asking import Ask
from core.engine.history import History
from core.link.forms import Specs
from pages.learning_rate.ladder import chosen_rates


def compute(specs: Specs, ask: Ask) -> History:
    """Train them."""
    return ask.history(chosen_rates(specs[0]))
