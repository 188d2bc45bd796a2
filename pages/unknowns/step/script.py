"""The steps as PyTorch: by hand first, then by the optimizers."""

from dataclasses import replace

from core.engine.asking import Ask
from core.link.forms import Specs
from pages.unknowns.searches import search_script
from pages.unknowns.step.compute import compute

#: As many steps by hand are printed with their numbers.
FEW = 3


def script(specs: Specs, ask: Ask, title: str) -> str:
    """Return the script of all walks, as far as the one by hand goes."""
    way = compute(specs, ask).way
    spec = replace(specs[0], optimizers=way.optimizers, steps=max(way.steps, 1))
    return search_script(spec, title, by_hand=min(way.steps, FEW))
