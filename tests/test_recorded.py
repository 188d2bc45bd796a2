"""One coefficient at every step is that of the training, and each of its steps is torch.optim's."""

import itertools

import pytest
import torch

from core.analysis.coefficient_names import cells
from core.catalogue.data_sets import DATA_SETS
from core.catalogue.optimizers import METHODS
from core.engine.recorded import own_gradient, record, torch_step
from core.engine.training import train
from core.spec.experiment import Experiment, Optimizer
from tests.strategies import CUSTOMS

ALL = tuple(map(Optimizer, METHODS))


@pytest.mark.parametrize("data", ["parabola", "saddle"])
@pytest.mark.parametrize("rate", [0.01, 0.1])
def test_a_recorded_coefficient_moves_bit_for_bit_as_in_the_training(data, rate):
    e = Experiment(optimizers=ALL, data=data, width=5, points=100, epochs=6, learning_rates=(rate,))
    history = train(e)
    for index in range(len(cells(DATA_SETS[data].inputs, e.width))):
        found = record(e, index)
        assert found.parameter.shape == (e.steps + 1, len(ALL))
        assert torch.equal(found.parameter[list(history.snapshot_steps)], history.snapshots[:, index])
        assert torch.equal(found.first[-1], history.first_moment[index])
        assert torch.equal(found.second[-1], history.second_moment[index])


@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_every_step_is_that_of_torch_from_the_state_before_it(decay):
    optimizers = tuple(Optimizer(name, weight_decay=decay) for name in METHODS)
    e = Experiment(optimizers=optimizers, width=5, points=100, epochs=6, learning_rates=(0.03,))
    for index, step in itertools.product((0, 7, 15), (1, 2, 3, 10, e.steps)):
        found = record(e, index)
        for column, run in enumerate(e.runs):
            theirs = torch_step(found, column, step)
            assert found.parameter[step, column].item() == pytest.approx(theirs.parameter, rel=1e-5, abs=1e-7)
            ours = (found.first[step, column], found.second[step, column])
            kept = METHODS[run.optimizer.name].moments
            for name, here, there in zip(kept, ours, (theirs.first, theirs.second), strict=True):
                assert (there is None) == (name is None)
                if there is not None:
                    assert here.item() == pytest.approx(there, rel=1e-5, abs=1e-12), (run.optimizer.name, step)


@pytest.mark.parametrize("custom", CUSTOMS, ids=str)
def test_every_step_of_the_readers_own_rule_is_that_of_its_class(custom):
    e = Experiment(optimizers=(Optimizer("SGD"), custom), width=5, points=100, epochs=6, learning_rates=(0.03,))
    for index, step in itertools.product((0, 7, 15), (1, 2, 3, 10, e.steps)):
        found = record(e, index)
        theirs = torch_step(found, 1, step)
        assert found.parameter[step, 1].item() == pytest.approx(theirs.parameter, rel=1e-5, abs=1e-7)
        assert found.first[step, 1].item() == pytest.approx(theirs.first, rel=1e-5, abs=1e-12)
        assert found.second[step, 1].item() == pytest.approx(theirs.second, rel=1e-5, abs=1e-12)


def test_the_recorded_slope_is_that_of_autograd():
    e = Experiment(optimizers=(Optimizer("SGD", weight_decay=0.1),), width=5, points=40, epochs=2, batch_size=None)
    history = train(e)
    x, y = history.x, history.targets(0)
    for index, step in itertools.product(range(16), (1, 2)):
        found = record(e, index)
        p = history.snapshots[history.snapshot_steps.index(step - 1), :, 0].double().requires_grad_()
        w1, b1, w2, b2 = p.split((5, 5, 5, 1))
        loss = ((torch.relu(x.double() * w1 + b1) @ w2 + b2) - y.double()).square().mean()
        (slope,) = torch.autograd.grad(loss, p)
        assert own_gradient(found, 0, step).item() == pytest.approx(slope[index].item(), rel=1e-4, abs=1e-6)


def test_there_is_no_coefficient_beyond_the_last():
    with pytest.raises(IndexError):
        record(Experiment(width=2, epochs=1, points=40), 7)


def test_without_momentum_torch_keeps_no_buffer_and_what_is_shown_is_no_decay():
    e = Experiment(optimizers=(Optimizer("Momentum", momentum=0.0), Optimizer("Adam", weight_decay=1.0)), epochs=2)
    found = record(e, 60)
    for step in (1, 5, 50):
        theirs = torch_step(found, 0, step)
        assert theirs.first is None
        assert theirs.parameter == pytest.approx(found.parameter[step, 0].item(), rel=1e-5)
        raw = found.gradient[step - 1, 1] - 1.0 * found.parameter[step - 1, 1]
        assert own_gradient(found, 1, step).item() == pytest.approx(raw.item())
