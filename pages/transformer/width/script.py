"""The widths as PyTorch."""

from core.engine.asking import Ask
from core.export.trainings import script as trainings_script
from core.link.forms import Specs
from pages.transformer.width.widths import experiments


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script of networks of every width and activation."""
    return trainings_script(list(experiments(specs[0].shape).values()), title)
