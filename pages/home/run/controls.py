"""What a reader sets in the four panels."""

from core.text import Text
from core.ui import controls, one_run, stepper


def show(text: Text) -> None:
    """Show where training may stop."""
    stepper.ladder("target", text("home.target"), text)


FOLDS = {
    "training": lambda specs, text: one_run.training(text),
    "data": lambda specs, text: controls.data_and_network(text),
}
