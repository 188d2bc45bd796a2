"""The search for the coefficients as PyTorch."""

from core.engine.asking import Ask
from core.export.trainings import script as trainings_script
from core.link.forms import Specs


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script of its training."""
    return trainings_script(specs[0].sought, title)
