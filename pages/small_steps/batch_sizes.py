"""How the batch sizes are called and how they look, the same in all figures."""

from core.charts.style import Style, rate_styles
from core.text import Text
from pages.small_steps.spec import BATCHES


def named(size: int | None, text: Text) -> str:
    """Return what a batch size is called."""
    if size is None:
        return text("small_steps.batches.full")
    return text("small_steps.batches.one" if size == 1 else "small_steps.batches.some", size=size)


def style_of(size: int | None) -> Style:
    """Return how a batch size looks, the same in all figures."""
    return rate_styles(len(BATCHES))[BATCHES.index(size)]
