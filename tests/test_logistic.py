"""Logistic regression against nn.Linear, BCEWithLogitsLoss and torch.optim, and what the page says about it."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from core.catalogue.optimizers import METHODS, named
from core.spec.experiment import Optimizer
from pages.unknowns.two_classes import Logistic, draw, points_frame, train

ALL = named()
#: Some steps later RMSprop is at the bottom, where it divides rounding by rounding.
USUAL = Logistic(optimizers=ALL, rate=0.01, steps=100)


def plain(spec: Logistic, name: str) -> tuple[list[float], torch.Tensor]:
    """The same training as one would write it, from torch.manual_seed on; losses and weights."""
    torch.manual_seed(spec.seed)
    y = torch.cat([torch.zeros(spec.points // 2), torch.ones(spec.points - spec.points // 2)])
    side = spec.gap / 2 / math.sqrt(2)
    x = torch.where(y.unsqueeze(1) > 0, side, -side) + torch.randn(spec.points, 2)
    net = nn.Linear(2, 1).double()
    x, y = x.double(), y.double()
    optimizer = METHODS[name].torch_class(net.parameters(), lr=spec.rate, **Optimizer(name).arguments)
    loss_of, losses, path = nn.BCEWithLogitsLoss(), [], []

    def keep() -> None:
        losses.append(loss_of(net(x).squeeze(1), y).item())
        path.append(torch.cat([p.detach().flatten() for p in net.parameters()]).clone())

    keep()
    for _ in range(spec.steps):
        optimizer.zero_grad()
        loss_of(net(x).squeeze(1), y).backward()
        optimizer.step()
        keep()
    return losses, torch.stack(path)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("spec", [USUAL, Logistic(5.0, 31, 9, ALL, 0.03, 80)], ids=["a", "b"])
def test_training_is_that_of_torch(spec, name):
    ours, run = train(spec, draw(spec)), ALL.index(name)
    losses, path = plain(spec, name)
    torch.testing.assert_close(ours.path[:, :, run], path, rtol=0, atol=1e-6)  # x was drawn in float32
    assert ours.loss[:, run].tolist() == pytest.approx(losses, abs=1e-6)


def test_from_the_same_points_it_is_that_of_torch_to_rounding():
    classes = draw(USUAL)
    ours = train(USUAL, classes)
    for run, name in enumerate(ALL):
        net = nn.Linear(2, 1).double()
        with torch.no_grad():
            net.weight.copy_(classes.start[:2].unsqueeze(0))
            net.bias.copy_(classes.start[2:])
        optimizer = METHODS[name].torch_class(net.parameters(), lr=USUAL.rate, **Optimizer(name).arguments)
        for _ in range(USUAL.steps):
            optimizer.zero_grad()
            nn.BCEWithLogitsLoss()(net(classes.x).squeeze(1), classes.y).backward()
            optimizer.step()
        end = torch.cat([p.detach().flatten() for p in net.parameters()])
        torch.testing.assert_close(ours.path[-1, :, run], end, rtol=0, atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(st.tuples(*[st.floats(-500, 500)] * 3))
def test_loss_and_slope_are_those_of_autograd_however_large_the_weights(weights):
    classes = draw(Logistic(points=40))
    at = torch.tensor(weights, dtype=torch.float64).unsqueeze(1).requires_grad_()
    loss = nn.BCEWithLogitsLoss()((classes.x @ at[:2] + at[2]).squeeze(1), classes.y)
    loss.backward()
    found = at.detach()
    assert classes.loss(found)[0] == pytest.approx(loss.item(), rel=1e-9, abs=1e-12)
    torch.testing.assert_close(classes.gradient(found), at.grad, rtol=1e-9, atol=1e-9)


def test_right_counts_points_on_their_own_side():
    classes = draw(Logistic(points=50))
    weights = torch.tensor([[1.0], [0.5], [-0.2]]).double()
    own = sum(
        (x1 + 0.5 * x2 - 0.2 > 0) == (y > 0.5)
        for (x1, x2), y in zip(classes.x.tolist(), classes.y.tolist(), strict=True)
    )
    assert classes.right(weights).item() == pytest.approx(own / 50)
    points = points_frame(classes)
    assert points["y"].tolist() == [0] * 25 + [1] * 25


@pytest.mark.parametrize(
    "change", [{"gap": -1}, {"points": 9}, {"optimizers": ("",)}, {"rate": 101}, {"steps": 0}, {"seed": 0.5}], ids=str
)
def test_bad_values_are_named(change):
    (field,) = change
    with pytest.raises(ValueError, match=field):
        Logistic(**change)


def test_both_usual_optimizers_put_most_points_on_their_own_side():
    spec = Logistic()
    classes = draw(spec)
    assert (classes.right(train(spec, classes).path[-1]) > 0.9).all()
