"""What a reader sets of the point, the unit and the loss."""

from core.catalogue.activations import ACTIVATIONS
from core.link.forms import Specs
from core.text import Text
from core.ui import controls, stepper
from pages.objective.chain.spec import COEFFICIENTS, READY


def show(text: Text) -> None:
    """Show which coefficient is asked, the loss, and the measured y that makes the residual."""
    controls.either("chain.of", text("objective.chain.of"), COEFFICIENTS, str)
    controls.pick("chain.loss", text("control.loss"), READY, lambda v: text(f"loss.{v}"))
    stepper.ladder("chain.y", text("objective.chain.y"), text)


def unit(_: Specs, text: Text) -> None:
    """Show the unit: its input, its coefficients, its activation."""
    controls.pick("unit.act", text("control.act"), tuple(ACTIVATIONS), lambda v: text(f"activation.{v}"))
    for name in ("chain.x", "unit.w", "unit.b", "unit.v"):
        controls.ladder(name, text("objective.chain.setting", name=name[-1]))


FOLDS = {"unit": unit}
