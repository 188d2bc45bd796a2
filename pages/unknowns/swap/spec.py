"""The formula, its known coefficients, the hidden ones' data, and the reader's guess."""

from core.formula_fit import FormulaFit
from core.link.forms import Flat, only
from core.ui.unknowns import FORMULA

DEFAULTS = (FormulaFit(),)
FORM = only(FORMULA, ("fit", "opt", "lr", "steps", "step"), DEFAULTS)
TRIES: dict[str, Flat] = {"sine": {"formula": "sine", "t1": 1.0, "t2": 1.0}}
