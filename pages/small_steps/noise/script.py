"""The figure as PyTorch."""

from core.engine.asking import Ask
from core.export.looks import noise_script
from core.link.forms import Specs
from pages.small_steps.batches.compute import batched


def script(specs: Specs, ask: Ask, title: str) -> str:
    """Return the script that repeats what is drawn."""
    return noise_script(batched(specs[0], 32, ask), title)
