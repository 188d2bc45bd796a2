"""Networks of every width trained on a shape."""

from core.engine.asking import Ask
from core.link.forms import Specs
from pages.transformer.width.widths import Widths, experiments, widths


def compute(specs: Specs, ask: Ask) -> Widths:
    """Train them all."""
    shape = specs[0].shape
    units = sum(e.effort for e in experiments(shape).values())
    return ask.result(f"widths?{shape}", lambda progress: widths(shape, on_progress=progress), units)
