"""The panels as PyTorch."""

from core.engine.asking import Ask
from core.export.trainings import script as trainings_script
from core.link.forms import Specs
from pages.learning_rate.ladder import chosen_rates


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script of every optimizer at every chosen rate."""
    return trainings_script(chosen_rates(specs[0]), title)
