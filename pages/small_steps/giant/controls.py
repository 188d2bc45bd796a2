"""What a reader sets in this scene."""

from core.text import Text
from core.ui import stepper


def show(text: Text) -> None:
    """Show what the figure is about."""
    stepper.ladder("walk.lr", text("small_steps.giant.control"), text)
