"""What a reader sets of the curves."""

from core.text import Text
from pages.objective.controls import losses, parameters_of


def show(text: Text) -> None:
    """Show which losses there are."""
    losses("curves", text("objective.curves.choose"), text)


FOLDS = {"losses": parameters_of("curves")}
