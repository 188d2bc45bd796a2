"""Hypothesis strategies for valid specs."""

from hypothesis import assume
from hypothesis import strategies as st

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.catalogue.losses import LOSSES
from core.catalogue.optimizers import CUSTOM, METHODS
from core.spec.experiment import LADDER, Experiment, Loss, Optimizer
from core.spec.view import View

#: Losses a reader might write.
EXPRESSIONS = (
    "log(1 + (5*r)**2)",
    "where(abs(r) < 0.5, r**2, 0.25)",
    "maximum(abs(r) - 0.1, 0)",
    "cosh(2*r) - 1",
    "sqrt(1 + r**2) - 1",
    "-exp(-r**2)",
    "r**2 * (r > 0) + abs(r) / 2",
)
#: The reader's own rule with each coefficient where it does what no method with a name does.
CUSTOMS = (
    Optimizer(CUSTOM),
    Optimizer(CUSTOM, kappa=0.3, nu=0.6),
    Optimizer(CUSTOM, beta1=0.0, c1=0.5, nu=1.0),
    Optimizer(CUSTOM, beta1=0.0, c1=2.0, nu=0.25, weight_decay=0.1),
    Optimizer(CUSTOM, beta1=0.0, c1=1.0, nu=0.5, kappa=1.0),
    Optimizer(CUSTOM, beta2=1.0, c2=0.5, kappa=0.75),
    Optimizer(CUSTOM, a=0.0, floor=0.2, decoupled_weight_decay=0.1),
    Optimizer(CUSTOM, a=0.0, floor=1.0, nu=0.5, kappa=1.0),
    Optimizer(CUSTOM, a=1.0, floor=1e-8, kappa=1.0, weight_decay=0.1, decoupled_weight_decay=0.2),
    Optimizer(CUSTOM, beta1=0.0, c1=0.0, beta2=0.0, c2=0.0, nu=0.5),
)
RATES = st.sampled_from(LADDER) | st.floats(0, 100, exclude_min=True)


@st.composite
def optimizers(draw: st.DrawFn, name: str) -> Optimizer:
    """An optimizer of that name, any of its hyperparameters left out."""
    given: dict[str, object] = {}
    for h in METHODS[name].hyperparameters:
        value = draw(st.floats(h.low, h.high, exclude_max=h.below))
        if h.of:
            given[h.of] = (*given.get(h.of, ()), value)
        elif draw(st.booleans()):
            given[h.name] = value
    if draw(st.booleans()):
        given.pop("betas", None)
    assume((given.get("kappa"), given.get("beta2")) != (1, 1))
    return Optimizer(name, lr=draw(st.none() | RATES), **given)


@st.composite
def losses(draw: st.DrawFn) -> Loss:
    name = draw(st.sampled_from(sorted(LOSSES)))
    kind = LOSSES[name]
    if not kind.parameter:
        return Loss(name)
    value = draw(st.sampled_from(EXPRESSIONS) if name == "own" else st.floats(*kind.range))
    return Loss(name, **{kind.parameter: value})


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """A valid experiment with up to 32 learning rates."""
    names = draw(st.lists(st.sampled_from(sorted(METHODS)), min_size=1, unique=True))
    points = draw(st.integers(8, 5000))
    fields = {
        "data": draw(st.sampled_from(sorted(DATA_SETS))),
        "points": points,
        "noise": draw(st.floats(0, 2)),
        "outlier_share": draw(st.floats(0, 0.5)),
        "outlier_size": draw(st.floats(-10, 10)),
        "width": draw(st.integers(1, 128)),
        "activation": draw(st.sampled_from(sorted(ACTIVATIONS))),
        "loss": draw(losses()),
        "target": draw(st.floats(0, 100, exclude_min=True)),
        "optimizers": tuple(draw(optimizers(name)) for name in names),
        "learning_rates": tuple(draw(st.lists(RATES, min_size=1, max_size=32, unique=True))),
        "schedule": "constant",
        "first_seed": draw(st.sampled_from([0, 1000]) | st.integers(0, 10**6)),
    }
    size = {
        "batch_size": draw(st.none() | st.integers(1, points)),
        "epochs": draw(st.integers(1, 200)),
        "seeds": draw(st.integers(1, 4) | st.integers(1, 400)),
    }
    try:
        return Experiment(**fields, **size)
    except ValueError:  # over the budget
        return Experiment(**fields, **(size | {"epochs": 1, "seeds": 1, "batch_size": None}))


def views() -> st.SearchStrategy[View]:
    return st.builds(
        View,
        scale=st.sampled_from(["linear", "log"]),
        smooth=st.floats(0, 0.99),
        full=st.booleans(),
        rates=st.sampled_from(["same", "best"]),
        by=st.sampled_from(["optimizer", "rate"]),
        step=st.none() | st.integers(0, 10**6),
    )


def specs() -> st.SearchStrategy[tuple[Experiment, View]]:
    return st.tuples(experiments(), views())
