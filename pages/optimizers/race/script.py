"""The race as PyTorch."""

from core.engine.asking import Ask
from core.export.notes import best_note
from core.export.trainings import script as trainings_script
from core.link.forms import Specs
from pages.optimizers.race.compute import raced


def script(specs: Specs, ask: Ask, title: str) -> str:
    """Return the script of the race as it is drawn, at the common rate or each optimizer at its own best."""
    experiment, view = specs
    note = best_note(experiment) if view.rates == "best" else ""
    return trainings_script(raced(specs, ask), title, note=note)
