"""Clustering against autograd and torch.optim, Lloyd's algorithm against a slow one, and what the page says."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue.optimizers import METHODS, named
from core.spec.experiment import Optimizer
from pages.unknowns.clustering import (
    CLOUDS,
    REACH,
    Clustering,
    centres_frame,
    draw,
    lloyd,
    points_frame,
    train,
)

ALL = named()


def loss_of(x: torch.Tensor, centres: torch.Tensor) -> torch.Tensor:
    """Mean squared distance to the nearest centre, centres (k, 2)."""
    return torch.cdist(x, centres, compute_mode="donot_use_mm_for_euclid_dist").square().min(1).values.mean()


def slow_lloyd(x: list[list[float]], centres: list[list[float]]) -> list[list[list[float]]]:
    path = [centres]
    while True:
        groups: list[list[list[float]]] = [[] for _ in path[-1]]
        for p in x:
            far = [(p[0] - c[0]) ** 2 + (p[1] - c[1]) ** 2 for c in path[-1]]
            groups[far.index(min(far))].append(p)
        new = [
            [math.fsum(p[i] for p in group) / len(group) for i in (0, 1)] if group else c
            for group, c in zip(groups, path[-1], strict=True)
        ]
        if all(math.dist(a, b) < 1e-12 for a, b in zip(new, path[-1], strict=True)):
            return path
        path.append(new)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("spec", [Clustering(optimizers=ALL), Clustering(6, 1.0, 90, 5, ALL, 0.03, 80)], ids=["4", "6"])
def test_centres_move_as_with_torch(spec, name):
    cloud = draw(spec)
    ours, run = train(spec, cloud), ALL.index(name)
    centres = torch.nn.Parameter(cloud.start.view(-1, 2).clone())
    optimizer = METHODS[name].torch_class([centres], lr=spec.rate, **Optimizer(name).arguments)
    for step in range(spec.steps + 1):
        loss = loss_of(cloud.x, centres)
        torch.testing.assert_close(ours.path[step, :, run], centres.detach().flatten(), rtol=0, atol=1e-8)
        assert ours.loss[step, run].item() == pytest.approx(loss.item(), abs=1e-8)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 6), st.integers(0, 999), st.floats(0.1, 3))
def test_slopes_are_those_of_autograd(k, seed, spread):
    cloud = draw(Clustering(k=k, seed=seed, spread=spread, points=40))
    at = cloud.start.view(-1, 2).clone().add(0.01).requires_grad_()
    loss_of(cloud.x, at).backward()
    flat = at.detach().flatten().unsqueeze(1)
    torch.testing.assert_close(cloud.gradient(flat)[:, 0], at.grad.flatten(), rtol=1e-9, atol=1e-9)


def test_points_are_what_a_short_script_draws():
    cloud = draw(Clustering(k=3, spread=0.4, points=42, seed=11))
    torch.manual_seed(11)
    middles = REACH * (2 * torch.rand(CLOUDS, 2) - 1)
    x = middles.repeat(11, 1)[:42] + 0.4 * torch.randn(42, 2)
    start = x[torch.randperm(42)[:3]]
    assert torch.equal(cloud.x.float(), x)
    assert torch.equal(cloud.start.float(), start.flatten())


@pytest.mark.parametrize("k", range(2, 7))
@pytest.mark.parametrize("seed", range(6))
def test_lloyd_is_the_slow_one(k, seed):
    cloud = draw(Clustering(k=k, seed=seed, points=60))
    ours = lloyd(cloud)
    slow = torch.tensor(slow_lloyd(cloud.x.tolist(), cloud.start.view(-1, 2).tolist())).double()
    assert len(ours) == len(slow)
    torch.testing.assert_close(ours, slow.flatten(1), rtol=0, atol=1e-6)
    losses = cloud.loss(ours.T.contiguous())
    assert (losses[1:] <= losses[:-1]).all()
    assert torch.equal(cloud.means(ours[-1:].T).T, ours[-1:])


def test_a_centre_without_points_stays():
    cloud = draw(Clustering(k=2, points=30))
    centres = torch.tensor([0.0, 0.0, 900.0, 900.0]).double().unsqueeze(1)
    means = cloud.means(centres)[:, 0]
    assert means[2:].tolist() == [900.0, 900.0]
    torch.testing.assert_close(means[:2], cloud.x.mean(0))
    assert cloud.gradient(centres)[2:].abs().max() == 0


def test_frames_hold_every_step():
    cloud = draw(Clustering(k=3, points=30, seed=2))
    path = lloyd(cloud)
    points, centres = points_frame(cloud, path), centres_frame(path)
    for step in range(len(path)):
        nearest = torch.cdist(cloud.x, path[step].view(-1, 2)).argmin(1).tolist()
        assert [int(way[step]) for way in points["way"]] == nearest
        rows = centres[centres["step"] == step]
        assert rows["centre"].tolist() == [0, 1, 2]
        assert rows[["x1", "x2"]].to_numpy().ravel().tolist() == path[step].tolist()


@pytest.mark.parametrize("change", [{"k": 7}, {"k": 1}, {"spread": 9}, {"points": 501}, {"steps": 251}], ids=str)
def test_bad_values_are_named(change):
    (field,) = change
    with pytest.raises(ValueError, match=field):
        Clustering(**change)


def test_every_optimizer_at_its_usual_rate_lowers_the_loss():
    spec = Clustering(optimizers=ALL)
    loss = train(spec, draw(spec)).loss
    assert (loss[-1] < loss[0]).all()
