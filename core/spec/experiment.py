"""Experiment and its parts: frozen, validated, the whole state of a training run."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.catalogue.losses import LOSSES
from core.catalogue.optimizers import METHODS
from core.expression.parser import parse
from core.spec import cost
from core.spec.checks import Fault, Refusal, choice, number, whole

#: The learning rates a control offers: half a decade a rung.
LADDER = (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)

#: The published budget of all that is made of an experiment: units (about 20 s of one core) and bytes.
BUDGET = 20_000_000_000
BYTES = 150_000_000
MAX_RUNS = 4000
#: The most loss values one training may leave (steps × runs).
MAX_LOSSES = 4_000_000


class OverBudget(ValueError):
    """Every value is allowed, but all together ask for more computing than one visitor may have."""


@dataclass(frozen=True)
class Optimizer:
    """An optimizer by name, its hyperparameters under their PyTorch names, optionally its own rate.

    What is left out takes the default of `core.catalogue.optimizers.METHODS`; what the optimizer does not
    take raises ValueError, as does a number out of its range.
    """

    name: str
    lr: float | None = None  # its own learning rate; None: the experiment's rates
    momentum: float | None = None
    alpha: float | None = None
    betas: tuple[float, float] | None = None
    eps: float | None = None
    weight_decay: float | None = None
    initial_accumulator_value: float | None = None
    beta1: float | None = None  # from here on coefficients of the one rule, for Custom
    c1: float | None = None
    beta2: float | None = None
    c2: float | None = None
    a: float | None = None
    floor: float | None = None
    kappa: float | None = None
    nu: float | None = None
    v0: float | None = None
    decoupled_weight_decay: float | None = None

    def __post_init__(self) -> None:
        choice("optimizer", self.name, tuple(METHODS))
        if self.lr is not None:
            object.__setattr__(self, "lr", number(f"{self.name}.lr", self.lr, 0, 100, above=True))
        taken: dict[str, list[float]] = {}
        for h in METHODS[self.name].hyperparameters:
            given = getattr(self, h.of or h.name)
            if h.of and given is not None:
                if not isinstance(given, tuple) or len(given) != 2:
                    raise ValueError(f"{self.name}.{h.of}={given!r} is not a pair of numbers")
                given = given[h.part or 0]
            value = h.default if given is None else given
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not h.accepts(value):
                raise Refusal(f"{self.name}.{h.name}", value, Fault.RANGE, h.range)
            taken.setdefault(h.of or h.name, []).append(float(value))
        for name in (f.name for f in fields(self) if f.name not in ("name", "lr")):
            if name in taken:
                values = taken[name]
                object.__setattr__(self, name, tuple(values) if name == "betas" else values[0])
            elif getattr(self, name) is not None:
                raise ValueError(f"{self.name} takes no {name}")
        if self.kappa == 1 and self.beta2 == 1:  # it would divide v by 1 − 1ᵗ
            raise Refusal(f"{self.name}.kappa", self.kappa, Fault.RANGE, "[0, 1)")

    @property
    def hyperparameters(self) -> dict[str, float]:
        """Every hyperparameter by its own name: beta1 and beta2 apart."""
        found = {}
        for h in METHODS[self.name].hyperparameters:
            value = getattr(self, h.of or h.name)
            found[h.name] = value[h.part] if h.part is not None else value
        return found

    @property
    def arguments(self) -> dict[str, object]:
        """What its torch class is called with, the learning rate apart."""
        names = dict.fromkeys(h.of or h.name for h in METHODS[self.name].hyperparameters)
        return {n: getattr(self, n) for n in names} | dict(METHODS[self.name].fixed)


@dataclass(frozen=True)
class Loss:
    """A loss by name and its parameter where it has one: Smooth L1's beta, Huber's delta, quantile's tau.

    Of an own loss it is the expression; raises ValueError, or `Refused` with the place, where it is none.
    """

    name: str = "mse"
    beta: float | None = None
    delta: float | None = None
    tau: float | None = None
    expression: str | None = None

    def __post_init__(self) -> None:
        choice("loss", self.name, tuple(LOSSES))
        kind = LOSSES[self.name]
        for name in ("beta", "delta", "tau", "expression"):
            value = getattr(self, name)
            if name != kind.parameter:
                if value is not None:
                    raise ValueError(f"{self.name} takes no {name}")
                continue
            value = kind.default if value is None else value
            if isinstance(kind.default, str):
                if not isinstance(value, str):
                    raise ValueError(f"{self.name}.{name}={value!r} is not a text")
                parse(value)
            else:
                value = number(f"{self.name}.{name}", value, *kind.range)
            object.__setattr__(self, name, value)

    @property
    def parameter(self) -> float | str | None:
        """The value of its parameter, None where it has none."""
        takes = LOSSES[self.name].parameter
        return getattr(self, takes) if takes else None

    @property
    def cost(self) -> int:
        """What an own loss takes for each residual, in passes over the data; the others cost next to nothing."""
        return parse(self.expression).cost if self.expression is not None else 0


@dataclass(frozen=True)
class Run:
    """One column of a history: which optimizer, at which learning rate, from which seed."""

    optimizer: Optimizer
    learning_rate: float
    seed: int


#: The essay's four optimizers with its values; each takes the experiment's learning rates.
ESSAY = (Optimizer("SGD"), Optimizer("Momentum"), Optimizer("RMSprop"), Optimizer("Adam"))


@dataclass(frozen=True)
class Experiment:
    """Everything that decides a training run; `Experiment()` is the classic experiment, one seed.

    Raises ValueError naming the field, the value and the allowed range, and, over the budget,
    what to lower.
    """

    data: str = "parabola"
    points: int = 1000
    noise: float = 0.1  # σ of the normal noise on y
    outlier_share: float = 0.0  # share of the points that are shifted
    outlier_size: float = 0.0  # by how much, in units of y
    width: int = 20
    activation: str = "relu"
    loss: Loss = Loss()
    batch_size: int | None = 32  # None: the full batch
    epochs: int = 12
    target: float = 0.02  # of the full-data loss
    optimizers: tuple[Optimizer, ...] = ESSAY
    learning_rates: tuple[float, ...] = (0.01,)
    schedule: str = "constant"
    seeds: int = 1  # how many, counted from first_seed
    first_seed: int = 0

    def __post_init__(self) -> None:
        keep = object.__setattr__
        choice("data", self.data, tuple(DATA_SETS))
        choice("activation", self.activation, tuple(ACTIVATIONS))
        choice("schedule", self.schedule, ("constant",))
        whole("points", self.points, 8, 5000)
        whole("width", self.width, 1, 128)
        whole("epochs", self.epochs, 1, 200)
        whole("seeds", self.seeds, 1, 400)
        whole("first_seed", self.first_seed, 0, 1_000_000)
        keep(self, "noise", number("noise", self.noise, 0, 2))
        keep(self, "outlier_share", number("outlier_share", self.outlier_share, 0, 0.5))
        keep(self, "outlier_size", number("outlier_size", self.outlier_size, -10, 10))
        keep(self, "target", number("target", self.target, 0, 100, above=True))
        if not isinstance(self.loss, Loss):
            raise ValueError(f"loss={self.loss!r} is not a Loss")
        if self.batch_size is not None:
            whole("batch_size", self.batch_size, 1, self.points)
        self._check_optimizers()
        self._check_rates()
        self._check_budget()

    def _check_optimizers(self) -> None:
        given = self.optimizers
        if not isinstance(given, (tuple, list)) or not all(isinstance(o, Optimizer) for o in given):
            raise ValueError(f"optimizers={given!r} must be one or more Optimizers")
        names = [o.name for o in given]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"optimizers={names!r} must be one or more Optimizers, each name once")
        object.__setattr__(self, "optimizers", tuple(given))

    def _check_rates(self) -> None:
        given = self.learning_rates
        if not isinstance(given, (tuple, list)):
            raise ValueError(f"learning_rates={given!r} is not a tuple of rates")
        if not 1 <= len(given) <= 1000:
            raise ValueError(f"learning_rates has {len(given)} rates, allowed: [1, 1000]")
        rates = tuple(number("learning_rates", r, 0, 100, above=True) for r in given)
        if len(set(rates)) < len(rates):
            raise ValueError("learning_rates names a rate twice")
        object.__setattr__(self, "learning_rates", rates)

    def _check_budget(self) -> None:
        lower = "lower seeds, learning_rates, epochs, points or width, or raise batch_size"
        if self.cost > BUDGET:
            raise OverBudget(f"cost={self.cost:,} is over the budget of {BUDGET:,}: {lower}")
        if self.bytes > BYTES:
            raise OverBudget(f"bytes={self.bytes:,} is over the budget of {BYTES:,}: {lower}")
        if self.columns > MAX_RUNS:
            raise OverBudget(f"runs={self.columns:,} is over {MAX_RUNS:,}: {lower}")
        if self.steps * self.columns > MAX_LOSSES:
            raise OverBudget(f"steps × runs={self.steps * self.columns:,} is over {MAX_LOSSES:,}: {lower}")

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """One per column: for each optimizer its rates, for each rate the seeds."""
        return tuple(
            Run(o, rate, seed)
            for o in self.optimizers
            for rate in ((o.lr,) if o.lr is not None else self.learning_rates)
            for seed in range(self.first_seed, self.first_seed + self.seeds)
        )

    @property
    def alone(self) -> "Experiment":
        """The experiment that says at which steps its runs are evaluated and kept: itself, unless in company."""
        return self

    @property
    def columns(self) -> int:
        """How many runs there are."""
        lines = sum(1 if o.lr is not None else len(self.learning_rates) for o in self.optimizers)
        return lines * self.seeds

    @property
    def batch_sizes(self) -> tuple[int, ...]:
        """The sizes of one epoch's batches; the last may be smaller."""
        size = self.batch_size or self.points
        full, rest = divmod(self.points, size)
        return (size,) * full + ((rest,) if rest else ())

    @property
    def steps(self) -> int:
        """How many updates every run takes."""
        return self.epochs * len(self.batch_sizes)

    @property
    def passes(self) -> int:
        """What one point costs one run: its hidden units, and the passes of an own loss."""
        return self.width + self.loss.cost

    @cached_property
    def effort(self) -> int:
        """What training it takes, in units of `core.spec.cost`."""
        return cost.training(self)

    @cached_property
    def added(self) -> int:
        """What it adds to the effort of another that it trains with."""
        return cost.added(self)

    @cached_property
    def cost(self) -> int:
        """What all that is made of it takes: its training, the twin behind "one of many", its figures."""
        return cost.units(self)

    @cached_property
    def bytes(self) -> int:
        """The memory that its training, what is kept of it and its twin take at most."""
        return cost.size(self)


def afford(experiments: Iterable[Experiment]) -> None:
    """Raise OverBudget where trainings that one page wants, each within the budget, are over it together."""
    all_ = sum(e.cost for e in experiments)
    if all_ > BUDGET:
        raise OverBudget(f"cost={all_:,} of all together is over the budget of {BUDGET:,}")
