"""The training as PyTorch."""

from core.engine.asking import Ask
from core.export.trainings import script as training_script
from core.link.forms import Specs


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script of the training."""
    return training_script(specs[0], title)
