"""A run is the same bits in any company: alone, in a race, in a ladder, in any chunk."""

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.catalogue.losses import LOSSES
from core.catalogue.optimizers import CUSTOM, METHODS
from core.engine.history import History
from core.engine.training import train
from core.spec import sizes
from core.spec.experiment import LADDER, Experiment, Loss, Optimizer
from tests.strategies import CUSTOMS

OWN = ("log(1 + (5*r)**2)", "sqrt(abs(r) + 0.1) + 0.1*cosh(r)", "exp(-r) + tanh(r)", "where(abs(r) < 1, r**2, 1)")


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Small ladders of any sizes, with sizes that no vector register divides."""
    name = draw(st.sampled_from([*LOSSES]))
    own = Loss("own", expression=draw(st.sampled_from(OWN))) if name == "own" else Loss(name)
    points = draw(st.integers(8, 150))
    names = draw(st.lists(st.sampled_from([*METHODS]), min_size=1, max_size=7, unique=True))
    rates = draw(st.lists(st.sampled_from(LADDER), min_size=1, max_size=6, unique=True))
    return Experiment(
        data=draw(st.sampled_from([*DATA_SETS])),
        points=points,
        width=draw(st.integers(1, 40)),
        activation=draw(st.sampled_from([*ACTIVATIONS])),
        loss=own,
        batch_size=draw(st.one_of(st.none(), st.integers(1, points))),
        epochs=2,
        optimizers=tuple(draw(st.sampled_from(CUSTOMS)) if n == CUSTOM else Optimizer(n) for n in names),
        learning_rates=tuple(rates),
        seeds=draw(st.integers(1, 9)),
        first_seed=draw(st.integers(0, 50)),
    )


def assert_same_run(one: History, column: int, other: History, place: int) -> None:
    """Column `column` of one history and `place` of another are the same run, until it overflows."""
    losses = [h.loss[:, c] for h, c in ((one, column), (other, place))]
    fine = [loss.isfinite().int().cumprod(0).bool() for loss in losses]
    assert torch.equal(*fine)
    torch.testing.assert_close(*(loss[f] for loss, f in zip(losses, fine, strict=True)), rtol=0, atol=0)
    a, b = one.outcomes[column], other.outcomes[place]
    assert (a.kind, a.end, a.collapsed, a.diverged) == (b.kind, b.end, b.collapsed, b.diverged)
    if bool(fine[0].all()) and math.isfinite(a.end):
        assert torch.equal(one.parameters[:, column], other.parameters[:, place])
        assert torch.equal(one.first_moment[:, column], other.first_moment[:, place])
    rows = {step: row for row, step in enumerate(other.full_steps)}
    for row, step in enumerate(one.full_steps):
        if step in rows and step < fine[0].sum():
            x, y = one.full_loss[row, column], other.full_loss[rows[step], place]
            torch.testing.assert_close(x, y, rtol=0, atol=0, equal_nan=True)


def alone(e: Experiment, column: int) -> Experiment:
    """Return the experiment with this run only."""
    run = e.runs[column]
    return replace(e, optimizers=(run.optimizer,), learning_rates=(run.learning_rate,), seeds=1, first_seed=run.seed)


@settings(max_examples=60, deadline=None)
@given(experiments(), st.data())
def test_a_run_alone_is_the_run_in_a_ladder(e, data):
    history = train(e, device="cpu")
    for column in data.draw(st.sets(st.integers(0, len(e.runs) - 1), min_size=1, max_size=4)):
        assert_same_run(train(alone(e, column), device="cpu"), 0, history, column)


@settings(max_examples=40, deadline=None)
@given(experiments(), st.integers(1, 40_000), st.integers(1, 3000))
def test_chunks_change_no_bit(e, chunk, ahead):
    whole = train(e, device="cpu")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sizes, "CHUNK", chunk)
        patch.setattr(sizes, "AHEAD", ahead)
        cut = train(e, device="cpu")
    for column in range(len(e.runs)):
        assert_same_run(whole, column, cut, column)


@settings(max_examples=40, deadline=None)
@given(experiments(), st.data())
def test_a_part_of_a_ladder_is_that_part(e, data):
    """Fewer optimizers, fewer rates and fewer seeds, in another order."""
    few = replace(
        e,
        optimizers=tuple(data.draw(st.permutations(e.optimizers))[: data.draw(st.integers(1, 3))]),
        learning_rates=tuple(data.draw(st.permutations(e.learning_rates))[: data.draw(st.integers(1, 3))]),
        seeds=data.draw(st.integers(1, e.seeds)),
    )
    ours, history = train(few, device="cpu"), train(e, device="cpu")
    places = {run: column for column, run in enumerate(e.runs)}
    for column, run in enumerate(few.runs):
        assert_same_run(ours, column, history, places[run])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_large_run_alone_is_the_one_in_company(activation):
    """Sizes that fill a chunk with one or two runs, and are evaluated in parts."""
    e = Experiment(points=3001, width=128, batch_size=None, epochs=2, activation=activation, seeds=2)
    history = train(e, device="cpu")
    for column in (0, 3, 6):
        assert_same_run(train(alone(e, column), device="cpu"), 0, history, column)


def test_the_classic_ladder_is_the_sum_of_its_races():
    """All methods at all rates over eight seeds, against the race of four at one rate and a single run."""
    e = Experiment(optimizers=tuple(Optimizer(n) for n in METHODS), learning_rates=LADDER, seeds=8)
    ladder = train(e, device="cpu")
    places = {run: column for column, run in enumerate(e.runs)}
    for rate in (0.01, 0.3, 10.0):
        for few in (
            Experiment(learning_rates=(rate,)),
            Experiment(optimizers=(Optimizer("Adam"),), learning_rates=(rate,)),
        ):
            history = train(few, device="cpu")
            assert history.eval_every < ladder.eval_every
            for column, run in enumerate(few.runs):
                assert_same_run(history, column, ladder, places[run])
