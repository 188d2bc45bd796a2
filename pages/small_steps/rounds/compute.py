"""The same training over many seeds."""

from core.engine.asking import Ask
from core.engine.history import History
from core.link.forms import Specs


def compute(specs: Specs, ask: Ask) -> History:
    """Train them all."""
    return ask.history(specs[0].many)
