"""What a reader sets in this scene."""

from core.link.forms import Specs
from core.text import Text
from core.ui import controls, stepper
from pages.unknowns.controls import new_data, optimizers


def show(text: Text) -> None:
    """Show what the figure is about."""
    controls.either("kmeans.k", text("unknowns.kmeans.k"), range(2, 7), str)
    optimizers("kmeans.opt", text)
    stepper.ladder("kmeans.lr", text("control.lr"), text)


def data(_: Specs, text: Text) -> None:
    """Show which points there are, and for how long optimizers walk."""
    new_data("kmeans.seed", text)
    controls.ladder("kmeans.spread", text("unknowns.kmeans.spread"))
    controls.ladder("kmeans.n", text("control.n"))
    controls.ladder("kmeans.steps", text("unknowns.steps"))


FOLDS = {"data": data}
