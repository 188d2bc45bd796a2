"""The figure as PyTorch."""

from core.engine.asking import Ask
from core.export.notes import soonest_note
from core.export.trainings import script as trainings_script
from core.link.forms import Specs
from core.small_steps import BATCHES
from pages.small_steps.batches.compute import batched


def script(specs: Specs, ask: Ask, title: str) -> str:
    """Return the script that repeats what is drawn."""
    spec = specs[0]
    asked = [batched(spec, size, ask) for size in BATCHES]
    return trainings_script(asked, title, note="" if spec.rates == "same" else soonest_note(spec))
