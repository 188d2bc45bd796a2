"""What a reader sets in a sum of units."""

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.text import Text
from core.ui import controls, one_run, stepper


def show(text: Text) -> None:
    """Show the width, the activation and the data."""
    stepper.ladder("width", text("control.width"), text)
    controls.pick("act", text("control.act"), tuple(ACTIVATIONS), lambda v: text(f"activation.{v}"))
    controls.pick("data", text("control.data"), tuple(DATA_SETS), lambda v: text(f"data.{v}"))


FOLDS = {
    "training": lambda specs, text: one_run.training(text),
    "data": lambda specs, text: one_run.data(text),
}
