"""What a reader sets where training works and fails."""

from core.link.forms import Specs
from core.text import Text
from core.ui import controls


def show(text: Text) -> None:
    """Show who takes part."""
    controls.optimizers(text)


def hyperparameters(specs: Specs, text: Text) -> None:
    """Show the hyperparameters of those that take part."""
    controls.hyperparameters([o.name for o in specs[0].optimizers], text, own=False)


FOLDS = {
    "hyper": hyperparameters,
    "data": lambda specs, text: controls.data_and_network(text),
    "training": lambda specs, text: controls.training(text, drawn=False),
}
