"""What a reader sets in this scene."""

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import ONE_INPUT
from core.link.forms import Specs
from core.text import Text
from core.ui import controls, stepper


def show(text: Text) -> None:
    """Show what the figure is about."""
    stepper.ladder("few.n", text("small_steps.few.n"), text)
    stepper.ladder("few.width", text("small_steps.few.width"), text)


def points(_: Specs, text: Text) -> None:
    """Show which points there are, and how noisy."""
    controls.ladder("few.draw", text("small_steps.few.draw"))
    controls.ladder("few.noise", text("small_steps.few.noise"))
    controls.pick("data", text("control.data"), ONE_INPUT, lambda v: text(f"data.{v}"))
    controls.pick("act", text("control.act"), tuple(ACTIVATIONS), lambda v: text(f"activation.{v}"))


FOLDS = {"data": points}
