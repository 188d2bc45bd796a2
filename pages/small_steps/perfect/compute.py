"""A straight line fitted to three data sets."""

from core.engine.asking import Ask
from core.link.forms import Specs
from pages.small_steps.line_fit import LineFits, fit_lines


def compute(specs: Specs, ask: Ask) -> LineFits:
    """Fit the three lines."""
    noise = specs[0].line_noise
    return ask.kept(f"line-fits?{noise!r}", lambda: fit_lines(noise))
