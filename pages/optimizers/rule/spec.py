"""Which rules are typeset, and whether with their numbers."""

from dataclasses import dataclass, replace

from core.link.forms import EXPERIMENT, Flat, form, join, only
from core.link.values import flag
from core.spec.experiment import Experiment
from core.spec.view import View


@dataclass(frozen=True)
class RuleSpec:
    """How the rules are typeset."""

    numbers: bool = False  # instead of their symbols


DEFAULTS = (Experiment(), View(), RuleSpec())
#: Of an experiment the optimizers, their hyperparameters and the rate.
_OTHERS = [
    name
    for name, known in EXPERIMENT.names.items()
    if name not in ("opt", "lr") and (not known.part or not known.part[0].isupper())
]
FORM = replace(
    join(only(EXPERIMENT, _OTHERS, DEFAULTS[:2]), form(RuleSpec, {"numbers": flag("numbers")})),
    trains=lambda specs: (),  # rules are typeset, nobody runs them
    give_way=(),
)
TRIES: dict[str, Flat] = {"adam": {"opt": ("Adam",), "numbers": True}, "momenta": {"opt": ("Momentum", "Nesterov")}}
