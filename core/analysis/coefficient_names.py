"""The coefficients of the small network by name, as links and readers call them: w1.3.2 is W₁[3, 2]."""

from core.catalogue.data_sets import DATA_SETS
from core.spec.experiment import Experiment


def cells(inputs: int, width: int) -> list[str]:
    """Return the name of every parameter, in PyTorch's order: w1.3.2 (hidden unit 3, input 2), b1.3, w2.3, b2."""
    rows = range(1, width + 1)
    hidden = [f"w1.{row}.{column}" for row in rows for column in range(1, inputs + 1)]
    return [*hidden, *(f"b1.{row}" for row in rows), *(f"w2.{row}" for row in rows), "b2"]


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
