"""Specs <-> query string: one table of names drives both directions; `core.link.decoding` decodes.

Between the two lies the flat form: every value under its link name, which is also its widget's key.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from core.catalogue.losses import LOSSES
from core.catalogue.optimizers import METHODS
from core.expression.operations import LONGEST
from core.expression.parser import Refused, parse
from core.link.values import Name, Unreadable, Value, flag, number, whole, write
from core.spec.experiment import Experiment, Loss, Optimizer, afford
from core.spec.view import View

Flat = dict[str, Value]
#: A page's whole state: an Experiment and a View, specs of the page's own, or both.
Specs = tuple[Any, ...]

VERSION = "1"
MAX_VALUES = 32  # under one repeated name
#: Names that are no part of a spec: the version, the language, and Streamlit's own.
OTHERS = ("v", "lang", "embed", "embed_options")


def _no_parts(_: Mapping[str, Any]) -> Collection[str]:
    return ()


@dataclass(frozen=True, eq=False)
class Form:
    """One kind of specs as a link writes them: its names, in order, and the way to the flat form and back."""

    names: Mapping[str, Name]
    flatten: Callable[[Specs], Flat]
    build: Callable[[Mapping[str, Any]], Specs]  # ValueError as the constructors raise it
    roomy: Flat  # values beside which any one value that is allowed at all is allowed
    count: int = 1  # of specs
    chosen: Callable[[Mapping[str, Any]], Collection[str]] = _no_parts  # the parts that a flat form takes
    choose: Callable[[str], Flat] = lambda part: {}  # what makes a flat form take a part
    give_way: tuple[str, ...] = ()  # in this order, where a link asks for more than the budget
    trains: Callable[[Specs], Sequence[Experiment]] = lambda specs: ()  # all that the page's figures want trained

    def admit(self, flat: Mapping[str, Any]) -> Specs:
        """Return the specs of a flat form; ValueError where there are none, OverBudget where they ask too much."""
        specs = self.build(flat)
        afford(self.trains(specs))
        return specs

    def ways_out(self, flat: Mapping[str, Any], usual: Flat) -> tuple[str, ...]:
        """Return what to lower where a flat form is over the budget: names whose usual values would each do.

        Where none would, all those that give way and have another value.
        """
        other = [name for name in self.give_way if flat[name] != usual[name]]
        enough = [name for name in other if self._admits(flat, name, usual[name])]
        return tuple(enough or other)

    def _admits(self, flat: Mapping[str, Any], name: str, value: Value) -> bool:
        try:
            self.admit({**flat, name: value})
        except ValueError:
            return False
        return True

    def texts(self, flat: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return the texts of the values that mean something: no parameters of what is not chosen."""
        chosen = {"", *self.chosen(flat)}
        return {name: write(flat[name]) for name, known in self.names.items() if known.part in chosen}

    def encode(self, specs: Specs, language: str) -> str:
        """Return the complete, versioned query string: every value written out, defaults too.

        ValueError where there are more values under one name than a link carries.
        """
        flat = self.flatten(specs)
        for name, value in flat.items():
            if isinstance(value, tuple) and len(value) > MAX_VALUES:
                raise ValueError(f"{name} has {len(value)} values: a link carries at most {MAX_VALUES}")
        return urlencode({"v": [VERSION], "lang": [language]} | self.texts(flat), doseq=True)

    def short(self, specs: Specs, defaults: Specs) -> dict[str, list[str]]:
        """Return, by name, the texts that `decode` needs beside the same defaults."""
        usual, flat = self.flatten(defaults), self.flatten(specs)
        return {name: texts for name, texts in self.texts(flat).items() if flat[name] != usual[name]}


def form(
    kind: type,
    names: Mapping[str, Name],
    *,
    give_way: tuple[str, ...] = (),
    trains: Callable[[Specs], Sequence[Experiment]] = lambda specs: (),
) -> Form:
    """Return the form of one spec, a dataclass whose fields all have defaults, each under one name."""

    def flatten(specs: Specs) -> Flat:
        return {name: getattr(specs[0], known.attribute) for name, known in names.items()}

    def build(flat: Mapping[str, Any]) -> Specs:
        return (kind(**{known.attribute: flat[name] for name, known in names.items()}),)

    return Form(names, flatten, build, roomy=flatten((kind(),)), give_way=give_way, trains=trains)


def join(one: Form, other: Form) -> Form:
    """Return the form of the specs of two, those of `one` first; ValueError if they share a name."""
    if shared := one.names.keys() & other.names.keys():
        raise ValueError(f"both forms have {', '.join(sorted(shared))}")

    def flatten(specs: Specs) -> Flat:
        return one.flatten(specs[: one.count]) | other.flatten(specs[one.count :])

    return Form(
        {**one.names, **other.names},
        flatten,
        lambda flat: one.build(flat) + other.build(flat),
        one.roomy | other.roomy,
        one.count + other.count,
        lambda flat: {*one.chosen(flat), *other.chosen(flat)},
        lambda part: one.choose(part) | other.choose(part),
        one.give_way + other.give_way,
        lambda specs: (*one.trains(specs[: one.count]), *other.trains(specs[one.count :])),
    )


def only(whole: Form, left_out: Collection[str], usual: Specs) -> Form:
    """Return a form without some names, whose values stay those of `usual`."""
    fixed = {name: value for name, value in whole.flatten(usual).items() if name in left_out}

    def flatten(specs: Specs) -> Flat:
        return {name: value for name, value in whole.flatten(specs).items() if name not in left_out}

    return replace(
        whole,
        names={name: known for name, known in whole.names.items() if name not in left_out},
        flatten=flatten,
        build=lambda flat: whole.build(fixed | dict(flat)),
        roomy={name: value for name, value in whole.roomy.items() if name not in left_out},
        choose=lambda part: {n: value for n, value in whole.choose(part).items() if n not in left_out},
        chosen=lambda flat: whole.chosen(fixed | dict(flat)),
        give_way=tuple(name for name in whole.give_way if name not in left_out),
    )


#: The form of a scene that has nothing to choose.
NOTHING = Form({}, lambda specs: {}, lambda flat: (), {}, count=0)


def loss_parameter(loss: str) -> str:
    """Return the link name of a loss's parameter, as huber.delta; empty if it has none."""
    takes = LOSSES[loss].parameter if loss in LOSSES else None
    return f"{loss}.{'expr' if takes == 'expression' else takes}" if takes else ""


def _expression(text: str) -> str:
    try:
        return parse(text).text
    except Refused as bad:
        raise Unreadable(f"expression.{bad.reason}", bad.allowed, bad.place) from None


def parameters(part: Loss | Optimizer) -> Flat:
    """Return the parameters of a loss or an optimizer under their link names, as adam.beta1."""
    if isinstance(part, Loss):
        name = loss_parameter(part.name)
        return {name: part.parameter} if name else {}
    values = {"lr": part.lr, **part.hyperparameters}
    return {f"{part.name.lower()}.{name}": value for name, value in values.items()}


_PARTS: tuple[Loss | Optimizer, ...] = (*map(Loss, LOSSES), *map(Optimizer, METHODS))
_BLANK = {"": None}

_EXPERIMENT = {
    "opt": Name(str, "optimizers", repeated=True),
    "lr": Name(number, "learning_rates", repeated=True),
    "seeds": Name(whole, "seeds"),
    "first_seed": Name(whole, "first_seed"),
    "data": Name(str, "data"),
    "n": Name(whole, "points"),
    "noise": Name(number, "noise"),
    "outliers.share": Name(number, "outlier_share"),
    "outliers.size": Name(number, "outlier_size"),
    "width": Name(whole, "width"),
    "act": Name(str, "activation"),
    "loss": Name(str, "loss"),
    "batch": Name(whole, "batch_size", special={"full": "full"}),
    "epochs": Name(whole, "epochs"),
    "target": Name(number, "target"),
    "schedule": Name(str, "schedule"),
}
_PARAMETERS = {
    name: Name(number, part=part.name, special=_BLANK if name.endswith(".lr") else {})
    for part in _PARTS
    for name in parameters(part)
} | {"own.expr": Name(_expression, part="own", longest=LONGEST)}
_VIEW = {
    "scale": Name(str, "scale"),
    "smooth": Name(number, "smooth"),
    "full": flag("full"),
    "rates": Name(str, "rates"),
    "by": Name(str, "by"),
    "step": Name(whole, "step", special=_BLANK),
}


def _flatten(specs: Specs) -> Flat:
    """Return every value by link name; losses and optimizers that are not chosen have their defaults."""
    experiment, view = specs
    flat: Flat = {name: getattr(experiment, known.attribute) for name, known in _EXPERIMENT.items()}
    flat["opt"] = tuple(o.name for o in experiment.optimizers)
    flat["loss"] = experiment.loss.name
    flat["batch"] = experiment.batch_size or "full"
    for part in (*_PARTS, experiment.loss, *experiment.optimizers):
        flat |= parameters(part)
    return flat | {name: getattr(view, known.attribute) for name, known in _VIEW.items()}


def _build(flat: Mapping[str, Any]) -> Specs:
    values = {known.attribute: flat[name] for name, known in _EXPERIMENT.items()}
    values["optimizers"] = tuple(build_optimizer(name, flat) for name in flat["opt"])
    values["learning_rates"] = tuple(flat["lr"])
    values["loss"] = build_loss(flat["loss"], flat)
    values["batch_size"] = None if flat["batch"] == "full" else flat["batch"]
    return Experiment(**values), View(**{known.attribute: flat[name] for name, known in _VIEW.items()})


def build_loss(name: str, flat: Mapping[str, Any]) -> Loss:
    """Return the loss of this name with its parameter from a flat form; ValueError as `Loss` raises it."""
    parameter = loss_parameter(name)
    takes: Any = LOSSES[name].parameter if parameter else None
    return Loss(name, **({takes: flat[parameter]} if takes else {}))


def build_optimizer(name: str, flat: Mapping[str, Any]) -> Optimizer:
    """Return the optimizer of this name with its numbers from a flat form; ValueError as `Optimizer` raises it."""
    if name not in METHODS:
        return Optimizer(name)  # raises, naming those there are
    given: dict[str, Any] = {"lr": flat[f"{name.lower()}.lr"]}
    for h in METHODS[name].hyperparameters:
        value = flat[f"{name.lower()}.{h.name}"]
        given[h.of or h.name] = (*given.get(h.of, ()), value) if h.of else value
    return Optimizer(name, **given)


#: An Experiment and a View.
EXPERIMENT = Form(
    names=_EXPERIMENT | _PARAMETERS | _VIEW,
    flatten=_flatten,
    build=_build,
    roomy=_flatten((Experiment(points=5000, batch_size=None, epochs=1), View())),
    count=2,
    chosen=lambda flat: (flat["loss"], *flat["opt"]),
    choose=lambda part: {"loss": part} if part in LOSSES else {"opt": (part,)} if part in METHODS else {},
    give_way=(
        *("seeds", "lr", "epochs", "width", "n", "batch", "opt"),
        *(name for name in _PARAMETERS if name.endswith(".lr")),
        *("rates", "loss", "own.expr"),
    ),
    trains=lambda specs: specs[:1],
)


def _build_one(flat: Mapping[str, Any]) -> Specs:
    Experiment(epochs=1, seeds=flat["seeds"])  # refuses what is no number of seeds
    return _build({**flat, "seeds": 1})


#: The same where a page shows one run: of several seeds the first.
ONE_RUN = replace(
    EXPERIMENT, build=_build_one, give_way=tuple(name for name in EXPERIMENT.give_way if name not in ("seeds", "lr"))
)


@lru_cache(maxsize=64)
def canonical(experiment: Experiment) -> str:
    """Return the experiment as text, equal for equal experiments only: a cache key."""
    texts = EXPERIMENT.texts(_flatten((experiment, View())))
    return urlencode({name: t for name, t in texts.items() if name not in _VIEW}, doseq=True)
