"""What a reader sets in this scene."""

from core.text import Text
from core.ui import stepper


def show(text: Text) -> None:
    """Show what the figure is about."""
    stepper.ladder("line.noise", text("small_steps.line.control"), text)
