"""What the first visitor should not wait for."""

from core.ui.player.bundle import build


def warm() -> None:
    """Make it: the browser's chart library."""
    build()
