"""What a reader sets in this scene."""

from core.link.forms import Specs
from core.text import Text
from core.ui import controls, stepper
from pages.unknowns.controls import new_data, optimizers


def show(text: Text) -> None:
    """Show what the figure is about."""
    stepper.ladder("logistic.gap", text("unknowns.logistic.gap"), text)
    optimizers("logistic.opt", text)
    stepper.ladder("logistic.lr", text("control.lr"), text)


def data(_: Specs, text: Text) -> None:
    """Show which points there are, and for how long optimizers walk."""
    new_data("logistic.seed", text)
    controls.ladder("logistic.n", text("control.n"))
    controls.ladder("logistic.steps", text("unknowns.steps"))


FOLDS = {"data": data}
