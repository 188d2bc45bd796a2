"""What a reader sets in this scene."""

from core.text import Text
from core.ui import controls, stepper
from pages.small_steps.sign.figure import SIGNS


def show(text: Text) -> None:
    """Show what the figure is about."""
    controls.either("sign", text("small_steps.sign.control"), SIGNS, lambda v: text(f"small_steps.sign.{v}"))
    stepper.ladder("sign.lr", text("control.lr"), text)
