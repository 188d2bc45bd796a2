"""What is said of the one loop, run by plain PyTorch over seeds."""

import math

import pytest
import torch
from torch import nn

from core.text import Text
from pages.home import same
from pages.home.same.compute import BORDER, HEIGHT, MODELS, POINTS, SLOPE, STEPS, WIDTH, fits
from pages.home.same.figure import diverged, figure
from pages.home.same.spec import DEFAULTS, TRIES, Same
from tests.drawn import drawn

ENGLISH = Text("en")
SEEDS = range(6)


def plain(name: str, rate: float, noise: float, seed: int) -> tuple[list[float], nn.Module]:
    """Train a model as a reader would write it; return its losses and what it has become."""
    torch.manual_seed(seed)
    x = torch.linspace(-1, 1, POINTS)[:, None]
    spread = noise * torch.randn(POINTS, 1)
    if name == "network":
        model, loss_of = nn.Sequential(nn.Linear(1, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 1)), nn.MSELoss()
    else:
        model, loss_of = nn.Linear(1, 1), (nn.BCEWithLogitsLoss() if name == "classes" else nn.MSELoss())
    y = {"line": SLOPE * x + HEIGHT + spread, "classes": (x + spread > BORDER).float(), "network": x**2 + spread}[name]
    opt = torch.optim.SGD(model.parameters(), lr=rate)
    losses = []
    for _ in range(STEPS):
        loss = loss_of(model(x), y)
        losses.append(loss.item())
        opt.zero_grad()
        loss.backward()
        opt.step()
    return [*losses, loss_of(model(x), y).item()], model


@pytest.mark.parametrize("spec", [Same(), Same(rate=0.05, noise=0.0), Same(rate=3.0), Same(rate=0.003, noise=1.0)])
def test_one_loop_fits_a_line_two_classes_and_a_network(spec):
    counts = {"line": 2, "classes": 2, "network": 61}
    shown = figure(fits(spec), (spec,), ENGLISH)
    for i, (name, fit) in enumerate(zip(MODELS, fits(spec), strict=True)):
        losses, model = plain(name, spec.rate, spec.noise, 0)
        there = diverged(fit) or STEPS
        assert fit.loss.tolist()[:there] == pytest.approx(losses[:there], rel=1e-5)
        grid = torch.linspace(-1, 1, fit.curve.shape[1])[:, None]
        says = model(grid).detach()[:, 0]
        says = says.sigmoid() if name == "classes" else says
        if there == STEPS:
            assert torch.allclose(fit.curve[-1], says, atol=1e-4)
        assert sum(p.numel() for p in model.parameters()) == counts[name]
        said = shown.sentences[i]
        assert ("diverges" in said) == (diverged(fit) is not None)
    assert drawn(same.SCENE, spec, text=ENGLISH).sentences == shown.sentences


def test_at_rate_3_line_and_network_are_lost_and_the_classes_are_not():
    rate = TRIES["bold"]["lr"]
    for seed in SEEDS:
        for name in MODELS:
            losses, _ = plain(name, rate, DEFAULTS[0].noise, seed)
            if name == "classes":
                assert max(losses) <= losses[0]
                assert losses[-1] < 0.5 * losses[0]
            else:
                assert not max(losses[:10]) <= 1e6 * losses[0]  # within few steps


def test_at_rate_0_003_none_has_arrived():
    rate, usual = TRIES["timid"]["lr"], DEFAULTS[0].rate
    assert usual / rate == pytest.approx(100)
    for seed in SEEDS:
        for name in MODELS:
            slow, fast = plain(name, rate, 0.2, seed)[0], plain(name, usual, 0.2, seed)[0]
            assert slow[0] > slow[STEPS // 2] > slow[-1]  # the right way
            assert slow[-1] > 1.5 * fast[-1]
        assert plain("line", usual, 0.2, seed)[0][STEPS // 4] < 1.01 * plain("line", usual, 0.2, seed)[0][-1]


def test_noisier_points_cost_more_in_all_three():
    for seed in SEEDS:
        for name in MODELS:
            ends = [plain(name, DEFAULTS[0].rate, noise, seed)[0][-1] for noise in (0.05, 0.2, 0.5)]
            assert ends == sorted(ends), name
            assert all(math.isfinite(end) for end in ends)
