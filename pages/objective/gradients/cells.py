"""The coefficients of the small network by name, as links and readers call them."""

from core.analysis.gradients import cells
from core.catalogue.data_sets import DATA_SETS
from core.spec.experiment import Experiment


def cell_names(e: Experiment) -> list[str]:
    """Return the cells of the experiment's network."""
    return cells(DATA_SETS[e.data].inputs, e.width)


def nearest_cell(cell: str, e: Experiment) -> str:
    """Return the cell, or the first one of its matrix where the network has no such cell."""
    names = cell_names(e)
    return cell if cell in names else next(n for n in names if n.split(".")[0] == cell.split(".")[0])


def cell_label(cell: str) -> str:
    """Return the cell as PyTorch counts it, from 1: W₁[3, 2], W₂[1, 3]."""
    part, *place = cell.split(".")
    name = {"w1": "W₁", "b1": "b₁", "w2": "W₂", "b2": "b₂"}[part]
    return f"{name}[{', '.join({'w2': ['1'], 'b2': ['1']}.get(part, []) + place)}]"
