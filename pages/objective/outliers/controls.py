"""What a reader sets of the fits."""

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import ONE_INPUT
from core.link.forms import Specs
from core.text import Text
from core.text.numbers import percent_exactly
from core.ui import controls, one_run, stepper
from pages.objective.controls import losses, parameters_of


def show(text: Text) -> None:
    """Show which losses train, and how far outliers are off."""
    losses("fits", text("objective.fits.choose"), text)
    stepper.ladder("outliers.size", text("control.outliers_size"), text)


def data(_: Specs, text: Text) -> None:
    """Show what the data and the network are."""
    controls.pick("data", text("control.data"), ONE_INPUT, lambda v: text(f"data.{v}"))
    controls.ladder("outliers.share", text("control.outliers_share"), show=percent_exactly)
    controls.ladder("noise", text("control.noise"))
    controls.ladder("n", text("control.n"))
    controls.ladder("width", text("control.width"))
    controls.pick("act", text("control.act"), tuple(ACTIVATIONS), lambda v: text(f"activation.{v}"))


FOLDS = {
    "losses": parameters_of("fits"),
    "data": data,
    "training": lambda specs, text: one_run.steps(text),
}
