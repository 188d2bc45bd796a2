"""The figure as PyTorch."""

from core.engine.asking import Ask
from core.export.looks import new_points_script
from core.link.forms import Specs


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script that repeats what is drawn."""
    return new_points_script(specs[0].few, title)
