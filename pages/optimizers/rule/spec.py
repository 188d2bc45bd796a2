"""The row that a reader changes, whom it races, and between whom it can be slid."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.analysis.one_rule import SIGN
from core.catalogue.optimizers import CUSTOM, METHODS, named
from core.link.forms import EXPERIMENT, Flat, Specs, form, join, only
from core.link.values import Name, flag
from core.spec.checks import choice
from core.spec.experiment import ESSAY, Experiment, Optimizer
from core.spec.view import View

#: Between whom a row can be slid.
ENDS = (*named(), SIGN)


@dataclass(frozen=True)
class RuleSpec:
    """The ends between which the row can be slid, how rules are typeset, and how momentum's three forms are compared.

    ValueError where nobody has an end's name.
    """

    numbers: bool = False  # instead of their symbols
    one: str = "SGD"
    other: str = "Adam"
    cut: bool = False  # whether the learning rate is cut on the way

    def __post_init__(self) -> None:
        choice("one", self.one, ENDS)
        choice("other", self.other, ENDS)


DEFAULTS = (Experiment(optimizers=(*ESSAY, Optimizer(CUSTOM))), View(), RuleSpec())
_NAMES = {
    "numbers": flag("numbers"),
    "between.from": Name(str, "one"),
    "between.to": Name(str, "other"),
    "cut": flag("cut"),
}
#: All but the optimizers, their hyperparameters, the rate and the axis.
_OTHERS = [
    name for name, known in EXPERIMENT.names.items() if name not in ("opt", "lr", "scale") and known.part not in METHODS
]
_WHOLE = join(only(EXPERIMENT, _OTHERS, DEFAULTS[:2]), form(RuleSpec, _NAMES))


def _beside(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name != CUSTOM)


def _flatten(specs: Specs) -> Flat:
    flat = _WHOLE.flatten(specs)
    return flat | {"opt": _beside(flat["opt"])}  # type: ignore[arg-type]


def _build(flat: Mapping[str, Any]) -> Specs:
    """The reader's own row takes part always, and last; beside it there is somebody."""
    for name in flat["opt"]:
        choice("opt", name, named())
    return _WHOLE.build({**flat, "opt": (*flat["opt"], CUSTOM) if flat["opt"] else ()})


FORM = replace(
    _WHOLE,
    flatten=_flatten,
    build=_build,
    roomy=_WHOLE.roomy | {"opt": _beside(_WHOLE.roomy["opt"])},  # type: ignore[arg-type]
    chosen=lambda flat: {*_WHOLE.chosen(flat), CUSTOM},
    choose=lambda part: {} if part == CUSTOM else _WHOLE.choose(part),
    give_way=(),
)


def custom(**numbers: float) -> Flat:
    """Return the reader's own row in a flat form: these numbers, and plain SGD's where none is given."""
    plain = {h.name: 0.0 for h in METHODS[CUSTOM].hyperparameters} | {"c1": 1.0, "floor": 1.0}
    return {f"{CUSTOM.lower()}.{name}": value for name, value in (plain | numbers).items()}


TRIES: dict[str, Flat] = {
    "sign": {
        "opt": ("SGD", "RMSprop", "Adam"),
        "between.from": "SGD",
        "between.to": SIGN,
        **custom(c2=1.0, a=1.0, floor=1e-10),
    },
    "adagrad": {
        "opt": ("RMSprop", "Adagrad"),
        "between.from": "RMSprop",
        "between.to": "Adagrad",
        **custom(beta2=1.0, c2=1.0, a=1.0, floor=1e-10),
    },
    "momenta": {
        "opt": ("Momentum", "Nesterov"),
        "between.from": "Momentum",
        "between.to": "Nesterov",
        **custom(beta1=0.8, nu=1.0),
    },
    "mean": {"opt": ("SGD", "Momentum"), "between.from": "SGD", "between.to": "Momentum", **custom(beta1=0.8, c1=0.2)},
    "cut": {
        "opt": ("Momentum",),
        "between.from": "SGD",
        "between.to": "Momentum",
        **custom(beta1=0.99),
        "momentum.momentum": 0.99,
        "cut": True,
    },
}
