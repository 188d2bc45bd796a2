"""Losses and their slopes against the residual."""

from core.link.forms import Specs
from core.player.figure import Figure
from core.text import Text
from pages.objective.pairs import residual_pair


def figure(_: None, specs: Specs, text: Text) -> Figure:
    """Return both charts, and how the influence grows."""
    page = specs[2]
    return residual_pair([page.loss(name) for name in page.curves], text)
