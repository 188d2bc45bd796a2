"""Forward and backward by hand against nn.Sequential and autograd, in float64."""

import pytest
import torch

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.losses import LOSSES
from core.engine import network
from core.engine.network import Buffers, Layers
from core.engine.training import build_network
from core.spec.experiment import Experiment, Loss
from core.spec.sizes import parameter_count


def load(net: torch.nn.Sequential, column: torch.Tensor) -> None:
    torch.nn.utils.vector_to_parameters(column.clone(), net.parameters())


@pytest.mark.parametrize("data", ["parabola", "saddle"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_equal_autograd(activation, loss, data):
    e = Experiment(data=data, activation=activation, width=6, loss=Loss(loss))
    ins = 1 if data == "parabola" else 2
    g = torch.Generator().manual_seed(0)
    theta = torch.randn(parameter_count(ins, 6), 3, generator=g, dtype=torch.float64)
    x = torch.rand(9, ins, generator=g, dtype=torch.float64) * 2 - 1
    y = torch.randn(9, 3, generator=g, dtype=torch.float64)

    kind, slope = ACTIVATIONS[activation], LOSSES[loss].slope
    grads = torch.full_like(theta, torch.nan)
    net, use = Layers.of(theta, ins, 6), Buffers.of((6, 9, 3), theta, kind.needs_z)
    columns = x.T.unsqueeze(-1).unbind()
    r = network.forward(net, columns, kind, use, torch.empty_like(y)).sub_(y)
    slope(r, e.loss.parameter or 0.0, use.g).div_(9)
    network.backward(net, Layers.of(grads, ins, 6), columns, kind, use)

    module = build_network(e).double()
    loss_of = LOSSES[loss].torch_loss(e.loss.parameter or 0.0)
    for run in range(3):
        load(module, theta[:, run])
        module.zero_grad()
        loss_of(module(x), y[:, run : run + 1]).backward()
        expected = torch.cat([p.grad.flatten() for p in module.parameters()])
        torch.testing.assert_close(grads[:, run], expected, rtol=1e-12, atol=1e-12)
        mean = LOSSES[loss].value(r[:, run], e.loss.parameter or 0.0).mean()
        torch.testing.assert_close(mean, loss_of(module(x), y[:, run : run + 1]), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_predict_equals_the_module(activation):
    e = Experiment(activation=activation, width=5)
    theta = torch.randn(parameter_count(1, 5), 2, dtype=torch.float64)
    x = torch.linspace(-2, 2, 11, dtype=torch.float64).unsqueeze(1)
    module = build_network(e).double()
    predictions = network.predict(theta, x, 5, activation)
    for run in range(2):
        load(module, theta[:, run])
        torch.testing.assert_close(predictions[:, run], module(x)[:, 0], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("inputs", "width"), [(1, 20), (2, 7), (1, 1), (2, 128)])
def test_initial_parameters_are_those_of_nn_linear_bit_for_bit(inputs, width):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        module = torch.nn.Sequential(torch.nn.Linear(inputs, width), torch.nn.Linear(width, 1))
    expected = torch.nn.utils.parameters_to_vector(module.parameters())
    drawn = network.draw_parameters(inputs, width, torch.Generator().manual_seed(5))
    assert torch.equal(drawn, expected)
