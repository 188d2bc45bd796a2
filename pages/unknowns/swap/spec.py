"""The formula, its known coefficients, the hidden ones' data, and the reader's guess."""

from core.link.forms import Flat, only
from pages.unknowns.forms import FORMULA
from pages.unknowns.formula_fit import FormulaFit

DEFAULTS = (FormulaFit(),)
FORM = only(FORMULA, ("fit", "opt", "lr", "steps", "step"), DEFAULTS)
TRIES: dict[str, Flat] = {"sine": {"formula": "sine", "t1": 1.0, "t2": 1.0}}
