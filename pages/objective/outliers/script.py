"""The fits as PyTorch."""

from core.engine.asking import Ask
from core.export import script as trainings_script
from core.link.forms import Specs
from pages.objective.spec import fits_of


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script of the trainings under each loss."""
    return trainings_script(fits_of(specs[0], specs[2]), title)
