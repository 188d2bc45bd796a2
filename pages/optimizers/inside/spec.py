"""Whose steps are looked into, and the coefficient they move."""

from dataclasses import dataclass, replace

from core.link.forms import EXPERIMENT, Flat, form, join, only
from core.link.values import Name
from core.spec.checks import coefficient
from core.spec.experiment import Experiment, Optimizer
from core.spec.view import View


@dataclass(frozen=True)
class Inside:
    """Which coefficient is looked at; raises ValueError where there can be no such one."""

    cell: str = "w2.7"

    def __post_init__(self) -> None:
        coefficient("cell", self.cell)


DEFAULTS = (Experiment(optimizers=(Optimizer("SGD"), Optimizer("Adam"))), View(), Inside())
_OTHERS = ("seeds", "smooth", "full", "rates", "by", "step")
FORM = replace(
    join(only(EXPERIMENT, _OTHERS, DEFAULTS[:2]), form(Inside, {"cell": Name(str, "cell")})),
    trains=lambda specs: (specs[0], specs[0]),  # once more to record the coefficient
)
_LONG: Flat = {"opt": ("Adam",), "noise": 0.0, "n": 200, "width": 100, "epochs": 200}
_SPIKES = _LONG | {"scale": "log", "cell": "w1.10.1"}
TRIES: dict[str, Flat] = {
    "bias": {"opt": ("Adam", "RMSprop"), "adam.beta2": 0.999},
    "spikes": _SPIKES,
    "longer": _SPIKES | {"adam.beta2": 0.999},
}
