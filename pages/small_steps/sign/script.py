"""The figure as PyTorch."""

from core.engine.asking import Ask
from core.link.forms import Specs
from pages.small_steps.descents import signs_script
from pages.small_steps.spec import SIGN_STEPS


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script that repeats what is drawn."""
    spec = specs[0]
    return signs_script(spec.network, spec.sign_rate, SIGN_STEPS, title)
