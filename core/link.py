"""Specs <-> query string: one table of names drives both directions; `core.link_reading` decodes.

Between the two lies the flat form: every value under its link name, which is also its widget's key.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from core.losses import LOSSES
from core.methods import METHODS
from core.spec import Experiment, Loss, Optimizer, View

Value = float | int | str | bool | None | tuple
Flat = dict[str, Value]

VERSION = "1"
MAX_VALUES = 32  # under one repeated name
#: Names that are no part of a spec: the version, the language, and Streamlit's own.
OTHERS = ("v", "lang", "embed", "embed_options")

_DECIMAL = re.compile(r"-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"-?\d+", re.ASCII)


class Unreadable(Exception):
    """Why a text is not taken: the reason, and what is allowed where that is known."""

    def __init__(self, reason: str, allowed: str = "") -> None:
        self.reason, self.allowed = reason, allowed


def _number(text: str) -> float:
    if not _DECIMAL.fullmatch(text):
        raise Unreadable("number")
    return float(text) + 0.0  # makes -0 a 0


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise Unreadable("whole")
    return int(text)


@dataclass(frozen=True)
class Name:
    """What a name of the link stands for, and how its text is read."""

    read: Callable[[str], Value]
    attribute: str = ""  # of Experiment or View
    part: str = ""  # the loss or optimizer it is a parameter of, without which it means nothing
    repeated: bool = False
    special: Mapping[str, Value] = field(default_factory=dict)  # texts with a meaning of their own


def _parameters(part: Loss | Optimizer) -> Flat:
    """Return the parameters of a loss or an optimizer under their link names, as adam.beta1."""
    if isinstance(part, Loss):
        parameter = LOSSES[part.name].parameter
        return {f"{part.name}.{parameter}": part.parameter} if parameter else {}
    values = {"lr": part.lr, **part.hyperparameters}
    return {f"{part.name.lower()}.{name}": value for name, value in values.items()}


_PARTS: tuple[Loss | Optimizer, ...] = (*map(Loss, LOSSES), *map(Optimizer, METHODS))
_BLANK = {"": None}

_EXPERIMENT = {
    "opt": Name(str, "optimizers", repeated=True),
    "lr": Name(_number, "learning_rates", repeated=True),
    "seeds": Name(_whole, "seeds"),
    "data": Name(str, "data"),
    "n": Name(_whole, "points"),
    "noise": Name(_number, "noise"),
    "outliers.share": Name(_number, "outlier_share"),
    "outliers.size": Name(_number, "outlier_size"),
    "width": Name(_whole, "width"),
    "act": Name(str, "activation"),
    "loss": Name(str, "loss"),
    "batch": Name(_whole, "batch_size", special={"full": "full"}),
    "epochs": Name(_whole, "epochs"),
    "target": Name(_number, "target"),
    "schedule": Name(str, "schedule"),
}
_PARAMETERS = {
    name: Name(_number, part=part.name, special=_BLANK if name.endswith(".lr") else {})
    for part in _PARTS
    for name in _parameters(part)
}
_VIEW = {
    "scale": Name(str, "scale"),
    "smooth": Name(_number, "smooth"),
    "full": Name(str, "full", special={"0": False, "1": True}),
    "rates": Name(str, "rates"),
    "by": Name(str, "by"),
    "step": Name(_whole, "step", special=_BLANK),
}
#: Every name of a spec, in the order in which a link writes them.
NAMES: dict[str, Name] = _EXPERIMENT | _PARAMETERS | _VIEW


def flatten(experiment: Experiment, view: View) -> Flat:
    """Return every value by link name; losses and optimizers that are not chosen have their defaults."""
    flat: Flat = {name: getattr(experiment, known.attribute) for name, known in _EXPERIMENT.items()}
    flat["opt"] = tuple(o.name for o in experiment.optimizers)
    flat["loss"] = experiment.loss.name
    flat["batch"] = experiment.batch_size or "full"
    for part in (*_PARTS, experiment.loss, *experiment.optimizers):
        flat |= _parameters(part)
    return flat | {name: getattr(view, known.attribute) for name, known in _VIEW.items()}


def build(flat: Mapping[str, Any]) -> tuple[Experiment, View]:
    """Return what `flatten` took apart; ValueError as the constructors raise it."""
    values = {known.attribute: flat[name] for name, known in _EXPERIMENT.items()}
    values["optimizers"] = tuple(_build_optimizer(name, flat) for name in flat["opt"])
    values["learning_rates"] = tuple(flat["lr"])
    values["loss"] = _build_loss(flat["loss"], flat)
    values["batch_size"] = None if flat["batch"] == "full" else flat["batch"]
    return Experiment(**values), View(**{known.attribute: flat[name] for name, known in _VIEW.items()})


def _build_loss(name: str, flat: Mapping[str, Any]) -> Loss:
    parameter = LOSSES[name].parameter if name in LOSSES else None
    return Loss(name, **({parameter: flat[f"{name}.{parameter}"]} if parameter else {}))


def _build_optimizer(name: str, flat: Mapping[str, Any]) -> Optimizer:
    if name not in METHODS:
        return Optimizer(name)  # raises, naming those there are
    given: dict[str, Any] = {"lr": flat[f"{name.lower()}.lr"]}
    for h in METHODS[name].hyperparameters:
        value = flat[f"{name.lower()}.{h.name}"]
        given[h.of or h.name] = (*given.get(h.of, ()), value) if h.of else value
    return Optimizer(name, **given)


def write(value: Value) -> list[str]:
    """Return the shortest texts that are read back as the same value: 0.01, 1e-08, 3, "" for None."""
    if isinstance(value, tuple):
        return [text for one in value for text in write(one)]
    if isinstance(value, float):
        return [repr(value + 0.0).removesuffix(".0")]
    return ["" if value is None else str(int(value)) if isinstance(value, bool) else str(value)]


def _texts(flat: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the texts of the values that mean something: no parameters of what is not chosen."""
    chosen = {"", flat["loss"], *flat["opt"]}
    return {name: write(flat[name]) for name, known in NAMES.items() if known.part in chosen}


def encode(experiment: Experiment, view: View, language: str) -> str:
    """Return the complete, versioned query string: every value written out, defaults too.

    ValueError where there are more learning rates than a link carries.
    """
    rates = experiment.learning_rates
    if len(rates) > MAX_VALUES:
        raise ValueError(f"learning_rates has {len(rates)} rates: a link carries at most {MAX_VALUES}")
    own = {"v": [VERSION], "lang": [language]}
    return urlencode(own | _texts(flatten(experiment, view)), doseq=True)


def canonical(experiment: Experiment) -> str:
    """Return the experiment as text, equal for equal experiments only: a cache key."""
    texts = _texts(flatten(experiment, View()))
    return urlencode({name: t for name, t in texts.items() if name not in _VIEW}, doseq=True)


def short(experiment: Experiment, view: View, defaults: tuple[Experiment, View]) -> dict[str, list[str]]:
    """Return, by name, the texts that `decode` needs beside the same defaults."""
    usual, flat = flatten(*defaults), flatten(experiment, view)
    return {name: texts for name, texts in _texts(flat).items() if flat[name] != usual[name]}
