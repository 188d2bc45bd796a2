from dataclasses import FrozenInstanceError, fields, replace

import pytest
import torch
from hypothesis import given, settings

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.catalogue.losses import LOSSES
from core.catalogue.optimizers import METHODS
from core.spec.experiment import BUDGET, ESSAY, LADDER, MAX_LOSSES, Experiment, Loss, Optimizer, Run
from core.spec.view import View
from tests.strategies import experiments

NAN, INF = float("nan"), float("inf")

#: field -> the allowed range as the message says it, and values that are refused
EXPERIMENT = {
    "data": ("parabola, sine, step, absolute, bump, saddle, ripple", ["", "Parabola", None, 1, ["sine"]]),
    "points": ("[8, 5000]", [7, 5001, 1000.0, "1000", True, None]),
    "noise": ("[0, 2]", [-0.1, 2.1, NAN, INF, "0.1", True, None, 1j]),
    "outlier_share": ("[0, 0.5]", [-0.01, 0.51, NAN, "0"]),
    "outlier_size": ("[-10, 10]", [-10.1, 10.1, -INF, None]),
    "width": ("[1, 128]", [0, 129, 20.0, False]),
    "activation": ("relu, leaky_relu, tanh, sigmoid, gelu, silu, identity", ["ReLU", None, 0]),
    "batch_size": ("[1, 1000]", [0, 1001, 32.0, "full", True]),
    "epochs": ("[1, 200]", [0, 201, 1.5, None]),
    "target": ("(0, 100]", [0, -1, 100.1, NAN, None]),
    "schedule": ("constant", ["cosine", None]),
    "first_seed": ("[0, 1000000]", [-1, 10**6 + 1, 1.5, True, None]),
    "seeds": ("[1, 400]", [0, 401, 1.0, True]),
}
VIEW = {
    "scale": ("linear, log", ["Log", None]),
    "smooth": ("[0, 0.99]", [-0.1, 1, NAN, None]),
    "full": ("true or false", [1, 0, None, "1"]),
    "rates": ("same, best", ["", None]),
    "by": ("optimizer, rate", ["seed"]),
    "step": ("[0, 1000000]", [-1, 10**6 + 1, 1.0, "last", True]),
}


def refused(make, field, value, allowed):
    with pytest.raises(ValueError, match=rf"^{field}") as caught:
        make(**{field: value})
    message = str(caught.value)
    assert message.startswith(f"{field}={value!r}")
    assert allowed in message


@pytest.mark.parametrize(("field", "value"), [(f, v) for f, (_, vs) in EXPERIMENT.items() for v in vs])
def test_experiment_refuses(field, value):
    refused(Experiment, field, value, EXPERIMENT[field][0])


@pytest.mark.parametrize(("field", "value"), [(f, v) for f, (_, vs) in VIEW.items() for v in vs])
def test_view_refuses(field, value):
    refused(View, field, value, VIEW[field][0])


def test_every_field_is_shown_to_be_checked():
    assert set(EXPERIMENT) | {"loss", "optimizers", "learning_rates"} == {f.name for f in fields(Experiment)}
    assert set(VIEW) == {f.name for f in fields(View)}


@pytest.mark.parametrize("value", ["mse", None, Optimizer("SGD")])
def test_experiment_refuses_what_is_no_loss(value):
    refused(Experiment, "loss", value, "Loss")


@pytest.mark.parametrize("value", [(), ("SGD",), (None,), (Optimizer("SGD"), Optimizer("SGD", lr=1))])
def test_experiment_refuses_optimizers(value):
    with pytest.raises(ValueError, match=r"^optimizers=.* must be one or more Optimizers"):
        Experiment(optimizers=value)


@pytest.mark.parametrize("rate", [0, -1, 100.1, NAN, INF, "0.1", None, True])
def test_experiment_refuses_rates(rate):
    with pytest.raises(ValueError, match=r"^learning_rates=.*\(0, 100\]") as caught:
        Experiment(learning_rates=(0.1, rate))
    assert repr(rate) in str(caught.value)


@pytest.mark.parametrize("field", ["optimizers", "learning_rates"])
@pytest.mark.parametrize("value", [None, 3, "SGD"])
def test_experiment_refuses_what_is_no_sequence(field, value):
    with pytest.raises(ValueError, match=f"^{field}="):
        Experiment(**{field: value})


def test_experiment_refuses_a_rate_given_twice():
    with pytest.raises(ValueError, match=r"^learning_rates names a rate twice"):
        Experiment(learning_rates=(0.1, 0.1))


@pytest.mark.parametrize("rates", [(), tuple(i / 100 for i in range(1, 1002))])
def test_experiment_refuses_no_rates_and_too_many(rates):
    with pytest.raises(ValueError, match=rf"^learning_rates has {len(rates)} rates, allowed: \[1, 1000\]"):
        Experiment(learning_rates=rates)


@pytest.mark.parametrize(("name", "parameter"), [("smooth_l1", "beta"), ("huber", "delta")])
@pytest.mark.parametrize("value", [0, 0.0009, 100.1, NAN, "1", True])
def test_loss_refuses_its_parameter(name, parameter, value):
    with pytest.raises(ValueError, match=rf"^{name}\.{parameter}=.*\[0\.001, 100\]") as caught:
        Loss(name, **{parameter: value})
    assert repr(value) in str(caught.value)


def test_loss_refuses_names_and_parameters_it_does_not_have():
    with pytest.raises(ValueError, match=r"^loss='MSE' is none of mse, l1, smooth_l1, huber, log_cosh"):
        Loss("MSE")
    for name, kind in LOSSES.items():
        for parameter in {"beta", "delta", "tau", "expression"} - {kind.parameter}:
            with pytest.raises(ValueError, match=f"^{name} takes no {parameter}"):
                Loss(name, **{parameter: 1.0})


@pytest.mark.parametrize("value", [0, 0.009, 0.991, 1, NAN, "0.5"])
def test_a_quantile_lies_between_none_and_all(value):
    with pytest.raises(ValueError, match=r"^quantile\.tau=.*\[0\.01, 0\.99\]"):
        Loss("quantile", tau=value)


def test_an_own_loss_is_an_expression_and_costs_what_it_takes():
    assert Loss("own").expression == LOSSES["own"].default
    assert Loss("own", expression="abs(r) + r**2").cost == 12 + 2 + 12
    with pytest.raises(ValueError, match="expression refused at character 5: missing"):
        Loss("own", expression="r + ")
    with pytest.raises(ValueError, match=r"^own\.expression=1\.0 is not a text"):
        Loss("own", expression=1.0)
    plain, own = Experiment(), Experiment(loss=Loss("own", expression="abs(r) + r**2"))
    assert (plain.passes, own.passes) == (20, 46)
    assert own.cost > plain.cost


HYPERPARAMETERS = [(m.name, h) for m in METHODS.values() for h in m.hyperparameters]


def optimizer_with(name, h, value):
    if h.of:
        pair = [g.default for g in METHODS[name].hyperparameters if g.of == h.of]
        pair[h.part] = value
        return Optimizer(name, **{h.of: tuple(pair)})
    return Optimizer(name, **{h.name: value})


@pytest.mark.parametrize(("name", "h"), HYPERPARAMETERS, ids=[f"{n}.{h.name}" for n, h in HYPERPARAMETERS])
def test_optimizer_checks_each_hyperparameter(name, h):
    above = h.high if h.below else h.high + 1
    for value in (h.low - 1, above, NAN, INF, "0.1", True):
        with pytest.raises(ValueError, match=rf"^{name}\.{h.name}=") as caught:
            optimizer_with(name, h, value)
        assert repr(value) in str(caught.value)
        assert h.range in str(caught.value)
    assert optimizer_with(name, h, h.low).hyperparameters[h.name] == h.low


@pytest.mark.parametrize("value", [0.9, (0.9,), (0.9, 0.9, 0.9), [0.9, 0.99], "ab"])
def test_betas_are_a_pair(value):
    with pytest.raises(ValueError, match=r"^Adam\.betas=.* is not a pair of numbers"):
        Optimizer("Adam", betas=value)


@pytest.mark.parametrize("name", METHODS)
def test_optimizer_refuses_what_its_method_does_not_take(name):
    taken = {h.of or h.name for h in METHODS[name].hyperparameters}
    for field in {f.name for f in fields(Optimizer)} - {"name", "lr"} - taken:
        with pytest.raises(ValueError, match=f"^{name} takes no {field}"):
            Optimizer(name, **{field: 0.5})


@pytest.mark.parametrize("lr", [0, -1, 100.1, NAN, "0.1", True])
def test_optimizer_refuses_its_own_rate(lr):
    with pytest.raises(ValueError, match=r"^SGD\.lr=.*\(0, 100\]"):
        Optimizer("SGD", lr=lr)


@pytest.mark.parametrize("name", ["sgd", "", None, "Lion"])
def test_optimizer_refuses_unknown_names(name):
    with pytest.raises(ValueError, match=rf"^optimizer={name!r} is none of SGD, Momentum,"):
        Optimizer(name)


def test_defaults_are_the_values_of_the_essay():
    assert [(o.name, o.lr) for o in ESSAY] == [(n, None) for n in ("SGD", "Momentum", "RMSprop", "Adam")]
    sgd, momentum, rmsprop, adam = ESSAY
    assert sgd.arguments == {"weight_decay": 0.0}
    assert momentum.momentum == 0.8
    assert rmsprop.alpha == 0.9
    assert adam.betas == (0.9, 0.99)
    assert adam.hyperparameters == {"beta1": 0.9, "beta2": 0.99, "eps": 1e-8, "weight_decay": 0.0}


def test_defaults_are_the_classic_experiment():
    e = Experiment()
    assert (e.data, e.points, e.noise, e.width, e.activation) == ("parabola", 1000, 0.1, 20, "relu")
    assert (e.loss, e.batch_size, e.epochs, e.learning_rates, e.seeds) == (Loss("mse"), 32, 12, (0.01,), 1)
    assert e.optimizers == ESSAY
    assert e.steps == 384
    assert e.batch_sizes == (32,) * 31 + (8,)


@pytest.mark.parametrize("name", METHODS)
def test_arguments_are_taken_by_the_torch_class(name):
    optimizer = Optimizer(name)
    made = METHODS[name].torch_class([torch.zeros(1, requires_grad=True)], lr=0.1, **optimizer.arguments)
    for argument, value in optimizer.arguments.items():
        assert made.defaults[argument] == value
    assert bool(made.defaults.get("nesterov")) == (name == "Nesterov")


def test_whole_numbers_become_floats():
    assert repr(Experiment(noise=1, target=1, learning_rates=[1])) == repr(
        Experiment(noise=1.0, target=1.0, learning_rates=(1.0,))
    )
    assert Optimizer("SGD", lr=1, weight_decay=0) == Optimizer("SGD", lr=1.0)
    assert Loss("huber") == Loss("huber", delta=1)


def test_runs_are_ordered_by_optimizer_then_rate_then_seed():
    sgd, adam = Optimizer("SGD"), Optimizer("Adam", lr=0.5)
    e = Experiment(optimizers=(adam, sgd), learning_rates=(0.1, 0.01), seeds=2)
    assert e.runs == (
        Run(adam, 0.5, 0),
        Run(adam, 0.5, 1),
        Run(sgd, 0.1, 0),
        Run(sgd, 0.1, 1),
        Run(sgd, 0.01, 0),
        Run(sgd, 0.01, 1),
    )


@given(experiments())
@settings(deadline=None, max_examples=50)
def test_derived_numbers(e):
    assert sum(e.batch_sizes) == e.points
    assert set(e.batch_sizes[:-1]) <= {e.batch_size}
    assert e.steps == e.epochs * len(e.batch_sizes)
    columns = sum(1 if o.lr is not None else len(e.learning_rates) for o in e.optimizers)
    assert len(e.runs) == columns * e.seeds
    assert e.cost <= BUDGET
    assert e.steps * len(e.runs) <= MAX_LOSSES


@pytest.mark.parametrize(
    ("fields", "steps"),
    [({"batch_size": None}, 12), ({"batch_size": 1000}, 12), ({"batch_size": 1, "epochs": 1}, 1000)],
)
def test_steps(fields, steps):
    assert Experiment(**fields).steps == steps


@pytest.mark.parametrize(
    "fields",
    [
        {"seeds": 400, "learning_rates": LADDER, "epochs": 200},
        {"points": 5000, "batch_size": 1, "epochs": 200},
        {"points": 5000, "batch_size": 1, "epochs": 4, "width": 1, "seeds": 400},
    ],
)
def test_over_the_budget_says_what_to_lower(fields):
    with pytest.raises(ValueError, match=r"=[\d,]+ is over .*: lower seeds, learning_rates, epochs"):
        Experiment(**fields)


def test_the_largest_promised_experiment_is_within_the_budget():
    assert len(Experiment(learning_rates=LADDER, seeds=8).runs) == 4 * 11 * 8


@pytest.mark.parametrize("value", [Experiment(), View(), Loss(), Optimizer("SGD")])
def test_specs_are_frozen_and_hashable(value):
    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(value)[0].name, "other")
    assert hash(value) == hash(replace(value))
    assert value == replace(value)


def test_registries_name_their_entries():
    for registry in (DATA_SETS, LOSSES, ACTIVATIONS, METHODS):
        assert all(name == entry.name for name, entry in registry.items())
