"""The ladder as PyTorch."""

from core.engine.asking import Ask
from core.export.trainings import script as trainings_script
from core.link.forms import Specs
from pages.learning_rate.ladder import whole_ladder


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script of every optimizer at every rate of the ladder."""
    return trainings_script(whole_ladder(specs[0]), title)
