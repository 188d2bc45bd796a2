"""The table as PyTorch."""

from core.engine.asking import Ask
from core.export.notes import best_note
from core.export.trainings import script as trainings_script
from core.link.forms import Specs
from pages.optimizers.practice.compute import BASE, compute


def script(specs: Specs, ask: Ask, title: str) -> str:
    """Return the script of every training of the table, each method at its own best rate."""
    return trainings_script(list(compute(specs, ask).shown), title, note=best_note(BASE))
