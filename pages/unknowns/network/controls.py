"""What a reader sets of the family, and of what is sought in it."""

from core.catalogue.data_sets import ONE_INPUT
from core.text import Text
from core.ui import controls, stepper
from pages.unknowns.network.spec import MEMBERS


def show(text: Text) -> None:
    """Show which member stands out, how many units there are, and which data ask."""
    stepper.stepper("net.member", text("unknowns.network.member"), range(1, MEMBERS + 1), str, text)
    stepper.ladder("width", text("control.width"), text)
    controls.pick("data", text("control.data"), tuple(ONE_INPUT), lambda v: text(f"data.{v}"))
