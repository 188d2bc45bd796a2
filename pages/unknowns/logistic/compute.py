"""The boundary of two classes, walked by optimizers."""

from dataclasses import dataclass

from core.engine.asking import Ask
from core.engine.walks import Walk
from core.link.forms import Specs
from pages.unknowns.two_classes import Classes, Logistic, draw, train


@dataclass(frozen=True)
class Boundaries:
    """Two classes, and each optimizer's way to a boundary between them."""

    classes: Classes
    walked: Walk


def compute(specs: Specs, ask: Ask) -> Boundaries:
    """Draw the classes and train the weights."""
    spec: Logistic = specs[0]
    return ask.kept(f"boundaries?{spec!r}", lambda: _boundaries(spec))


def _boundaries(spec: Logistic) -> Boundaries:
    classes = draw(spec)
    return Boundaries(classes, train(spec, classes))
