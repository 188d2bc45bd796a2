"""Experiments of many learners, trained as one: each gets what it would have got alone."""

from dataclasses import fields, replace

import pytest
import torch
from hypothesis import given
from torch import Tensor

from core.analysis.rounding import train_twins
from core.engine.company import MOST_COST, MOST_RUNS, company, kin, most_together, train_together
from core.engine.training import train
from core.spec.experiment import ESSAY, MAX_LOSSES, Experiment, Optimizer
from core.ui.works import Training
from tests.strategies import experiments

SMALL = Experiment(points=100, width=6, epochs=3)
CLASS = (
    SMALL,
    replace(SMALL, learning_rates=(0.003,)),
    replace(SMALL, learning_rates=(0.001, 0.01), seeds=3),
    replace(SMALL, optimizers=(Optimizer("Momentum", momentum=0.5),), target=0.3),
    replace(SMALL, optimizers=(Optimizer("Momentum", momentum=0.7, lr=0.02), Optimizer("AdamW"), Optimizer("Adagrad"))),
    replace(SMALL, optimizers=(Optimizer("SGD", lr=0.01), Optimizer("Nesterov"))),
)


@pytest.mark.parametrize("first_seed", [0, 1000])
@pytest.mark.parametrize("change", [{}, {"activation": "tanh", "data": "ripple"}, {"batch_size": None}])
def test_each_gets_what_it_would_have_got_alone(change, first_seed):
    members = [replace(e, first_seed=first_seed, **change) for e in CLASS]
    for together, e in zip(train_together(members), members, strict=True):
        alone = train(e)
        assert together.experiment == e
        assert together.runs == e.runs
        for field in fields(alone):
            ours, theirs = getattr(together, field.name), getattr(alone, field.name)
            if field.name == "constant_loss":  # found for all seeds at once, in float64
                assert torch.allclose(ours, theirs, rtol=1e-12, atol=0)
            elif isinstance(theirs, Tensor):
                assert torch.equal(ours, theirs), field.name
            else:
                assert ours == theirs, field.name


def test_the_same_run_of_two_learners_is_trained_once():
    one = company([SMALL, replace(SMALL, optimizers=(Optimizer("SGD", lr=0.01), ESSAY[3]))])
    assert len(one.runs) == one.columns == 4
    assert one.effort == SMALL.effort


def test_a_history_cut_out_holds_no_more_than_its_own():
    ours, _ = train_together([SMALL, replace(SMALL, seeds=8)])
    assert ours.nbytes == train(SMALL).nbytes
    tensors = [getattr(ours, field.name) for field in fields(ours)]
    assert all(t.untyped_storage().nbytes() == t.nbytes for t in tensors if isinstance(t, Tensor))


@pytest.mark.parametrize(
    "change",
    [
        {"learning_rates": (0.1, 1.0)},
        {"optimizers": (Optimizer("Adam", betas=(0.5, 0.9)),)},
        {"seeds": 3},
        {"target": 0.5},
    ],
)
def test_what_a_run_may_differ_in_makes_no_stranger(change):
    assert kin(replace(SMALL, **change)) == kin(SMALL)


@pytest.mark.parametrize(
    "change", [{"points": 101}, {"width": 7}, {"epochs": 2}, {"noise": 0.2}, {"batch_size": 16}, {"first_seed": 9}]
)
def test_what_a_training_shares_makes_strangers(change):
    assert kin(replace(SMALL, **change)) != kin(SMALL)


@given(experiments())
def test_however_many_come_a_company_stays_within_bounds(e):
    """No more losses and parameters than one training may keep, and a wait that the first can bear."""
    most = most_together(e)
    assert 0 <= most <= MOST_RUNS
    assert most * e.steps <= MAX_LOSSES
    assert most * e.added <= MOST_COST * e.columns


def test_too_many_do_not_train_together():
    half = Training((replace(SMALL, seeds=MOST_RUNS // 8),), "cpu")
    others = [Training((replace(SMALL, seeds=MOST_RUNS // 8, learning_rates=(rate,)),), "cpu") for rate in (0.1, 0.2)]
    both = half.joined(others[0])
    assert both is not None
    assert len(both.members) == 2
    assert both.joined(others[1]) is None
    assert both.joined(half) is not None  # who asks for the same runs again makes them no more


def test_twins_in_company_are_those_of_each_alone():
    for twin, e in zip(train_twins(CLASS), CLASS, strict=True):
        assert torch.equal(twin.loss, train(e, dtype=torch.float64).loss)
