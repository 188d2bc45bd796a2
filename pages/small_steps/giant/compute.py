"""The same way walked with 1, 10, 100 and 384 looks at the gradient."""

from core.engine.asking import Ask
from core.engine.descent import COUNTS, Walks, walks
from core.link.forms import Specs, canonical


def compute(specs: Specs, ask: Ask) -> Walks:
    """Walk them all."""
    e, rate = specs[0].network, specs[0].walk_rate
    units = 2 * max(COUNTS) * len(COUNTS) * e.points * e.width
    return ask.result(f"walks?{canonical(e)}&rate={rate!r}", lambda _: walks(e, rate), units)
