"""The figure as PyTorch."""

from core.engine.asking import Ask
from core.export.rounds import rounds_script
from core.link.forms import Specs


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script that repeats what is drawn."""
    return rounds_script(specs[0].many, title)
