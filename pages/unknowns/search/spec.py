"""The data, the reader's guess, and who walks from it."""

from core.link.forms import Flat, only
from pages.unknowns.forms import FORMULA
from pages.unknowns.formula_fit import FormulaFit

DEFAULTS = (FormulaFit(),)
FORM = only(FORMULA, ("c1", "c2", "step"), DEFAULTS)
_FOUR = ("SGD", "Momentum", "RMSprop", "Adam")
TRIES: dict[str, Flat] = {
    "valley": {"fit": True, "formula": "sine", "t1": 1.0, "t2": -2.5, "lr": 0.03, "opt": _FOUR},
    "walls": {"fit": True, "lr": 1.0, "opt": ("SGD",)},
    "crawl": {"fit": True, "formula": "parabola", "opt": ("SGD", "Momentum", "Adam")},
}
