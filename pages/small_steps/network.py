"""The data and the network of a scene, folded away."""

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import ONE_INPUT
from core.link.forms import Specs
from core.text import Text
from core.ui import controls


def show(_: Specs, text: Text) -> None:
    """Show what the data and the network are."""
    controls.pick("data", text("control.data"), ONE_INPUT, lambda v: text(f"data.{v}"))
    controls.ladder("noise", text("control.noise"))
    controls.ladder("width", text("control.width"))
    controls.pick("act", text("control.act"), tuple(ACTIVATIONS), lambda v: text(f"activation.{v}"))


FOLDS = {"data": show}
