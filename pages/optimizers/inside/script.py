"""The trainings and what is inside their steps as PyTorch."""

from core.analysis.coefficient_names import cell_label, cell_names, nearest_cell
from core.engine.asking import Ask
from core.export.looks import inside_script
from core.link.forms import Specs


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script that looks at the coefficient along the training of every optimizer."""
    cell = nearest_cell(specs[2].cell, specs[0])
    return inside_script(specs[0], cell_names(specs[0]).index(cell), cell_label(cell), title)
