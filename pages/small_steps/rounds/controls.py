"""What a reader sets in this scene."""

from core.catalogue.optimizers import named
from core.text import Text
from core.ui import controls, stepper


def show(text: Text) -> None:
    """Show what the figure is about."""
    controls.pick("rounds.opt", text("result.table.optimizer"), named(), str)
    stepper.ladder("rounds.lr", text("control.lr"), text)
    stepper.ladder("rounds.seeds", text("control.seeds"), text)
