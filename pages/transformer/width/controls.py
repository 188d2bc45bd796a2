"""What a reader sets for the widths."""

from core.catalogue.data_sets import DATA_SETS
from core.text import Text
from core.ui import controls


def show(text: Text) -> None:
    """Show the shapes to choose from."""
    controls.pick("shape", text("control.data"), tuple(DATA_SETS), lambda v: text(f"data.{v}"))
