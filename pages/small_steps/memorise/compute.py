"""A network trained on a few points, and its loss on new ones."""

from dataclasses import dataclass

from core.analysis.held_out import POINTS, HeldOut, held_out
from core.engine.asking import Ask
from core.engine.history import History
from core.link.forms import Specs, canonical


@dataclass(frozen=True)
class Memorised:
    """The training on several sets of a few points, and the losses on new points along it."""

    history: History
    held_out: HeldOut


def compute(specs: Specs, ask: Ask) -> Memorised:
    """Train, and measure new points along the way."""
    history = ask.history(specs[0].few)
    e = history.experiment
    units = e.columns * len(history.snapshot_steps) * (e.points + POINTS) * e.width
    return Memorised(history, ask.result(f"held-out?{canonical(e)}", lambda _: held_out(history), units))
