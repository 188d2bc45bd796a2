"""The data, where the steps start and how long they are, and who walks beside them."""

from dataclasses import replace

from core.link.forms import Flat, only
from pages.unknowns.forms import FORMULA
from pages.unknowns.formula_fit import FormulaFit

DEFAULTS = (FormulaFit(fit=True, optimizers=("Momentum", "RMSprop", "Adam")),)
_PLAIN = only(FORMULA, ("c1", "c2", "fit", "steps", "step"), DEFAULTS)
#: Nobody has to walk beside the reader, whose own method is SGD.
FORM = replace(_PLAIN, build=lambda flat: _PLAIN.build(dict(flat) | {"opt": flat["opt"] or ("SGD",)}))
TRIES: dict[str, Flat] = {
    "half": {"lr": 0.5},
    "across": {"lr": 1.2},
    "pit": {"formula": "sine", "t1": 1.0, "t2": -2.5, "lr": 0.05},
}
