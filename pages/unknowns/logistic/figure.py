"""The points and what walks among them, and its loss."""

from core.analysis.sentences import listed
from core.charts.classes import SHADES
from core.link.forms import Specs
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import percent_exactly
from pages.unknowns.older import build_logistic


def figure(_: None, specs: Specs, text: Text) -> Figure:
    """Return the losses and the planes."""
    drawn = build_logistic(specs[0], text)
    return Figure(
        drawn.charts,
        specs[0].steps,
        drawn.series,
        drawn.sentences,
        notes=(text("unknowns.logistic.note", shades=listed([percent_exactly(p) for p in SHADES[1:]], text)),),
        key="loss_vs_step",
    )
