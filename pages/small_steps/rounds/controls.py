"""What a reader sets in this scene."""

from core.catalogue.optimizers import METHODS
from core.text import Text
from core.ui import controls, stepper


def show(text: Text) -> None:
    """Show what the figure is about."""
    controls.pick("rounds.opt", text("result.table.optimizer"), tuple(METHODS), str)
    stepper.ladder("rounds.lr", text("control.lr"), text)
    stepper.ladder("rounds.seeds", text("control.seeds"), text)
