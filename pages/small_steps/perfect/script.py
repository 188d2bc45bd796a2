"""The figure as PyTorch."""

from core.engine.asking import Ask
from core.link.forms import Specs
from pages.small_steps.descents import lines_script


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script that repeats what is drawn."""
    return lines_script(specs[0].line_noise, title)
