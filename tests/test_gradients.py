"""The gradient matrix against autograd, the finite difference against both, the batches against the plain loop."""

import pytest
import torch

from core.analysis.coefficient_names import cells
from core.analysis.gradients import Points, along, finite_difference, gradients, losses, matrices, next_batches
from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.catalogue.losses import LOSSES
from core.engine.start import draw
from core.engine.training import build_loss, build_network, train, train_reference
from core.spec.experiment import Experiment, Loss, Optimizer

DOUBLE = torch.float64
SMALL = {"points": 60, "epochs": 2, "width": 5, "optimizers": (Optimizer("Adam"),), "batch_size": 16}
CASES = [
    *({"loss": Loss(name)} for name in LOSSES),
    *({"activation": a, "data": "saddle"} for a in ACTIVATIONS),
    *({"data": d} for d in DATA_SETS),
]


def by_autograd(e: Experiment, parameters: torch.Tensor, points) -> tuple[torch.Tensor, torch.Tensor]:
    net = build_network(e).double()
    torch.nn.utils.vector_to_parameters(parameters, net.parameters())
    loss = build_loss(e)(net(points.x.T), points.y.unsqueeze(1))
    return loss.detach(), torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(net.parameters()))])


@pytest.mark.parametrize("of_all", [True, False])
@pytest.mark.parametrize("changes", CASES, ids=str)
def test_every_snapshot_has_the_gradient_of_autograd(changes, of_all):
    found = matrices(train(Experiment(**SMALL | changes), dtype=DOUBLE), of_all)
    for k in range(len(found.steps)):
        loss, gradient = by_autograd(found.experiment, found.weights[:, k], found.points[k])
        torch.testing.assert_close(found.gradients[:, k], gradient, rtol=1e-9, atol=1e-12)
        ours = losses(found.experiment, found.weights[:, k : k + 1], found.points[k])
        torch.testing.assert_close(ours[0], loss, rtol=1e-12, atol=1e-14)


def test_the_batch_of_a_snapshot_is_the_one_that_is_trained_on_next():
    e = Experiment(**SMALL, data="saddle")
    history = train_reference(e)  # its step k + 1 begins with the loss of batch k
    batches = next_batches(e, history.snapshot_steps)
    assert [len(b.y) for b in batches[:5]] == [16, 16, 16, 12, 16]
    for k, step in enumerate(history.snapshot_steps[:-1]):
        ours = losses(e, history.snapshots[k], batches[k])[0]
        torch.testing.assert_close(ours, history.loss[step, 0], rtol=1e-5, atol=1e-7)
    assert len(batches) == len(history.snapshot_steps) == e.steps + 1


def test_a_step_of_sgd_is_the_gradient_times_the_rate():
    e = Experiment(**SMALL | {"data": "saddle", "optimizers": (Optimizer("SGD"),), "learning_rates": (0.1,)})
    found = matrices(train(e, dtype=DOUBLE), of_all=False)
    stepped = found.weights[:, :-1] - 0.1 * found.gradients[:, :-1]
    torch.testing.assert_close(found.weights[:, 1:], stepped, rtol=0, atol=1e-7)  # data is drawn in float32


@pytest.mark.parametrize("changes", [{}, {"data": "saddle", "loss": Loss("own")}, {"activation": "gelu"}])
def test_finite_differences_come_near_and_part_again(changes):
    e = Experiment(**SMALL | {"activation": "tanh"} | changes)
    found = matrices(train(e, dtype=DOUBLE), of_all=True)
    at, points = found.weights[:, 3], found.points[3]
    eps = torch.tensor([1e-1, 1e-4, 1e-10], dtype=DOUBLE)
    for index in range(len(at)):
        difference = finite_difference(e, at, index, eps, points) - found.gradients[index, 3]
        assert difference[1].abs() < 1e-6
        assert difference[1].abs() < difference[0].abs() or difference[0].abs() < 1e-9
    worst = torch.stack([finite_difference(e, at, i, eps, points) - found.gradients[i, 3] for i in range(len(at))])
    assert worst[:, 2].abs().max() > 10 * worst[:, 1].abs().max()


def test_along_moves_one_coefficient_only():
    e = Experiment(**SMALL)
    found = matrices(train(e, dtype=DOUBLE), of_all=True)
    at, points = found.weights[:, 0], found.points[0]
    values = torch.tensor([-1.0, 0.3, at[7].item()], dtype=DOUBLE)
    for value, loss in zip(values, along(e, at, 7, values, points), strict=True):
        moved = at.clone()
        moved[7] = value
        torch.testing.assert_close(loss, by_autograd(e, moved, points)[0], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("data", ["parabola", "saddle"])
def test_cells_are_named_in_the_order_of_pytorch(data):
    e = Experiment(**SMALL | {"data": data})
    net, inputs = build_network(e), DATA_SETS[data].inputs
    names = cells(inputs, e.width)
    with torch.no_grad():
        for name in names:
            part, *places = name.split(".")
            tensor = dict(zip(("w1", "b1", "w2", "b2"), net.parameters(), strict=True))[part]
            rows = [int(p) - 1 for p in places] or [0]
            before = torch.nn.utils.parameters_to_vector(net.parameters()).clone()
            tensor[(0, *rows) if part == "w2" else tuple(rows)] += 1
            moved = torch.nn.utils.parameters_to_vector(net.parameters()) - before
            assert moved.nonzero().flatten().tolist() == [names.index(name)]
    assert len(names) == sum(p.numel() for p in net.parameters())


def test_many_networks_at_once_are_the_same_as_one_by_one():
    e = Experiment(**SMALL)
    parameters = torch.randn(16, 40, generator=torch.Generator().manual_seed(1), dtype=DOUBLE)
    start = draw(e)
    points = Points(start.x.double().T, start.y[:, 0].double())
    together = gradients(e, parameters, points)
    apart = torch.cat([gradients(e, parameters[:, k : k + 1], points) for k in range(40)], 1)
    torch.testing.assert_close(together, apart, rtol=1e-12, atol=1e-14)
