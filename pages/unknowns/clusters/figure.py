"""The points and what walks among them, and its loss."""

from core.link.forms import Specs
from core.player.figure import Figure
from core.text import Text
from pages.unknowns.older import build_clustering


def figure(_: None, specs: Specs, text: Text) -> Figure:
    """Return the losses and the planes."""
    drawn = build_clustering(specs[0], text)
    return Figure(
        drawn.charts,
        specs[0].steps,
        drawn.series,
        drawn.sentences,
        key="loss_vs_step",
    )
