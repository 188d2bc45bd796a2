"""Admission: what an experiment costs is the same everywhere, grows with its sizes, and bounds what a link may ask."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.optimizers import METHODS
from core.engine.passes import Room
from core.engine.training import train
from core.spec.experiment import BUDGET, BYTES, ESSAY, LADDER, Experiment, Loss, Optimizer, OverBudget
from tests.strategies import experiments

ALL = tuple(Optimizer(name) for name in METHODS)


@settings(max_examples=200, deadline=None)
@given(experiments(), st.sampled_from(["seeds", "epochs", "points", "width", "rates"]), st.integers(1, 50))
def test_what_is_larger_costs_more(e, field, more):
    """Whoever is told to lower one of these is never refused for having done so."""
    if field == "rates":
        larger = {"learning_rates": (*e.learning_rates, *(20 + i / 7 for i in range(more)))}
    else:
        larger = {field: getattr(e, field) + more}
    try:
        other = replace(e, **larger)
    except OverBudget:
        return
    except ValueError:  # beyond the field's own range
        return
    assert other.cost >= e.cost
    assert other.bytes >= e.bytes


@settings(max_examples=100, deadline=None)
@given(experiments())
def test_what_is_admitted_is_within_both_budgets(e):
    assert 0 < e.added < e.effort < e.cost <= BUDGET
    assert 0 < e.bytes <= BYTES
    assert isinstance(e.cost, int)
    assert isinstance(e.bytes, int)


def test_costs_are_the_same_in_every_process():
    code = """
from core.spec.experiment import Experiment, Loss
for e in (Experiment(), Experiment(seeds=30, activation="gelu"), Experiment(loss=Loss("own"), points=77)):
    print(e.effort, e.cost, e.bytes)
"""
    root = Path(__file__).parent.parent
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    here = (Experiment(), Experiment(seeds=30, activation="gelu"), Experiment(loss=Loss("own"), points=77))
    assert ran.stdout.split() == [str(n) for e in here for n in (e.effort, e.cost, e.bytes)]


def test_the_link_that_wanted_28_gigabytes_is_refused():
    with pytest.raises(OverBudget, match="lower seeds, learning_rates, epochs, points or width"):
        Experiment(optimizers=ALL, seeds=400, points=5000, width=128, batch_size=None, epochs=1, activation="gelu")


def test_a_best_constant_counts():
    """One step of a nested own loss: finding its best constants takes longer than the step."""
    nested = Loss("own", expression="cosh(tanh(cosh(tanh(cosh(tanh(cosh(tanh(r))))))))")
    e = Experiment(points=5000, seeds=10, width=1, batch_size=None, epochs=1, loss=nested, optimizers=ESSAY[:1])
    plain = replace(e, loss=Loss())
    assert e.effort > 10 * plain.effort
    with pytest.raises(OverBudget):
        replace(e, seeds=400)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"optimizers": ALL, "learning_rates": LADDER, "seeds": 8},
        {"optimizers": ALL, "learning_rates": LADDER, "seeds": 32},
        {"optimizers": ESSAY, "seeds": 100},
        {"epochs": 100},
        {"epochs": 200, "points": 5000},
        {"width": 128, "points": 5000, "activation": "gelu"},
        {"batch_size": 1},
        {"learning_rates": LADDER, "batch_size": 8, "seeds": 4},
    ],
    ids=str,
)
def test_what_a_class_does_is_admitted(fields):
    assert Experiment(**fields).cost <= BUDGET


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_all_chunks_share_one_room(activation, monkeypatch):
    """However many chunks there are, their buffers are those of one."""
    rooms = []
    begin = Room.__init__

    def noted(self, like):
        begin(self, like)
        rooms.append(self)

    monkeypatch.setattr(Room, "__init__", noted)
    e = Experiment(points=512, width=64, batch_size=None, epochs=1, activation=activation, seeds=2)
    held = []
    for seeds in (2, 12):
        rooms.clear()
        train(replace(e, seeds=seeds), device="cpu")
        (room,) = rooms
        held.append(sum(memory.nbytes for memory in room._memory.values()))
    assert held[1] <= 1.5 * held[0]
    assert held[1] < 12_000_000
