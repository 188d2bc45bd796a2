"""The search as PyTorch."""

from core.engine.asking import Ask
from core.link.forms import Specs
from pages.unknowns.searches import search_script


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script of what walks among the points."""
    return search_script(specs[0], title)
