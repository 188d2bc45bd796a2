"""A formula's coefficients against plain torch, its map, and what the page says about them."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from core.analysis.landscape import SHARES, SIDE, Landscape, survey
from core.catalogue.optimizers import METHODS, named
from core.engine.walks import Walk, loss_frame, names, path_frame
from core.spec.experiment import Optimizer
from pages.unknowns.formula_fit import (
    BOUND,
    CURVE,
    FORMULAS,
    FormulaFit,
    curve_frame,
    draw,
    fit_frame,
    points_frame,
    values_frame,
    walk,
)

ALL = named()
TRUTH = {
    "line": lambda c1, c2, x: c1 * x + c2,
    "parabola": lambda c1, c2, x: c1 * x**2 + c2,
    "sine": lambda c1, c2, x: c1 * torch.sin(c2 * x),
}
#: Below the rate at which two roundings part.
RATE = 0.01


def plain(spec: FormulaFit, name: str) -> tuple[torch.Tensor, torch.Tensor]:
    """The same walk as one would write it: autograd, nn.MSELoss, torch.optim; losses and coefficients."""
    sample = draw(spec)
    c1, c2 = (nn.Parameter(torch.tensor(t, dtype=torch.float64)) for t in (spec.t1, spec.t2))
    method, o = METHODS[name], Optimizer(name)
    optimizer = method.torch_class([c1, c2], lr=spec.rate, **o.arguments)
    losses, path = [], [[c1.item(), c2.item()]]
    for _ in range(spec.steps):
        loss = nn.MSELoss()(TRUTH[spec.formula](c1, c2, sample.x), sample.y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        path.append([c1.item(), c2.item()])
    return torch.tensor(losses, dtype=torch.float64), torch.tensor(path, dtype=torch.float64)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("formula", FORMULAS)
def test_walks_are_those_of_torch(formula, name):
    spec = FormulaFit(formula=formula, t1=0.7, t2=1.3, optimizers=ALL, rate=RATE, steps=60)
    ours, run = walk(spec, draw(spec)), ALL.index(name)
    losses, path = plain(spec, name)
    torch.testing.assert_close(ours.path[:, :, run], path, rtol=0, atol=1e-9)
    torch.testing.assert_close(ours.loss[:-1, run], losses, rtol=0, atol=1e-9)


@pytest.mark.parametrize("formula", FORMULAS)
def test_points_are_what_a_short_script_draws(formula):
    spec = FormulaFit(formula=formula, seed=7, points=20, noise=0.3)
    sample = draw(spec)
    torch.manual_seed(7)
    share = torch.rand(2)
    low, high = torch.tensor(FORMULAS[formula].hidden).T
    hidden = (low + share * (high - low)).double()
    x = torch.linspace(-FORMULAS[formula].reach, FORMULAS[formula].reach, 20).double()
    y = TRUTH[formula](*hidden, x) + 0.3 * torch.randn(20).double()
    assert torch.equal(sample.x, x)
    torch.testing.assert_close(sample.y, y, rtol=0, atol=1e-12)
    assert sample.hidden == tuple(hidden.tolist())


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(FORMULAS)), st.floats(-BOUND, BOUND), st.floats(-BOUND, BOUND), st.integers(0, 99))
def test_slopes_are_those_of_autograd(formula, c1, c2, seed):
    sample = draw(FormulaFit(formula=formula, seed=seed))
    at = torch.tensor([[c1], [c2]], dtype=torch.float64, requires_grad=True)
    loss = nn.MSELoss()(TRUTH[formula](at[0], at[1], sample.x), sample.y)
    loss.backward()
    torch.testing.assert_close(sample.gradient(at.detach()), at.grad, rtol=1e-9, atol=1e-9)
    assert sample.loss_at(c1, c2) == pytest.approx(loss.item(), rel=1e-12)


def test_frames_hold_the_curve_the_points_and_their_residuals():
    spec = FormulaFit(formula="sine", points=30, steps=150, optimizers=("Adam",))
    sample = draw(spec)
    curve, at = curve_frame(sample.formula, 1.2, 0.4), values_frame(sample.formula, 1.2, 0.4)
    assert len(curve) == CURVE
    for frame in (curve, at):
        expected = 1.2 * torch.sin(0.4 * torch.tensor(frame["x"].to_numpy()))
        torch.testing.assert_close(torch.tensor(frame["y"].to_numpy()), expected)
    points = points_frame(sample, 1.2, 0.4)
    assert ((points["at"] - points["y"]) ** 2).mean() == pytest.approx(sample.loss_at(1.2, 0.4))
    ours = walk(spec, sample)
    fits = fit_frame(sample, ours, "Adam")
    assert (fits["begin"].iloc[0], fits["begin"].iloc[-1], fits["end"].iloc[-1]) == (0, 150, 151)
    assert (fits["end"].to_numpy()[:-1] == fits["begin"].to_numpy()[1:]).all()
    assert len(fits) <= 61
    middle = fits.iloc[20]
    c1, c2 = ours.path[middle["begin"], :, 0].tolist()
    assert middle["y"] == pytest.approx(curve_frame(sample.formula, c1, c2)["y"].tolist())
    assert len(loss_frame(ours)) == 151
    last = path_frame(ours, ("c1", "c2")).iloc[-1]
    assert (last["step"], last["c1"], last["c2"]) == (150, *ours.path[-1, :, 0].tolist())


# The map


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_map_is_the_loss_of_every_pair(formula):
    sample = draw(FormulaFit(formula=formula))
    map_ = survey(sample.loss, -BOUND, BOUND)
    axis = torch.linspace(-BOUND, BOUND, SIDE, dtype=torch.float64)
    for i, j in ((0, 0), (0, SIDE - 1), (17, 40), (SIDE - 1, 3)):
        assert map_.loss[i, j] == pytest.approx(sample.loss_at(float(axis[i]), float(axis[j])), rel=1e-12)
    inside = [(map_.loss < level).double().mean().item() for level in map_.levels]
    assert inside == pytest.approx(SHARES, abs=2 / SIDE**2)


def between(map_: Landscape, c1: float, c2: float) -> float:
    """The loss between the four grid points around a place, each the nearer the more it counts."""
    (i, up), (j, right) = (divmod((c + BOUND) / (2 * BOUND) * (SIDE - 1), 1) for c in (c1, c2))
    rows, columns = (int(i), min(int(i) + 1, SIDE - 1)), (int(j), min(int(j) + 1, SIDE - 1))
    shares = ((1 - up) * (1 - right), (1 - up) * right, up * (1 - right), up * right)
    around = [float(map_.loss[a, b]) for a in rows for b in columns]
    return sum(share * loss for share, loss in zip(shares, around, strict=True))


@pytest.mark.parametrize("formula", FORMULAS)
def test_corners_of_a_region_have_its_loss_but_at_the_edge_of_the_map(formula):
    map_ = survey(draw(FormulaFit(formula=formula)).loss, -BOUND, BOUND)
    regions = map_.regions()
    assert regions["level"].tolist() == sorted(regions["level"])
    assert set(regions["level"]) == set(range(len(SHARES)))
    for row in regions.to_dict("records"):
        assert row["loss"] == map_.levels[row["level"]]
        for c1, c2 in zip(row["c1"], row["c2"], strict=True):
            loss = between(map_, c1, c2)
            edge = max(abs(c1), abs(c2)) > BOUND - 1e-9
            assert loss <= row["loss"] + 1e-6 if edge else loss == pytest.approx(row["loss"], rel=1e-6)


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("seed", range(12))
def test_no_region_has_a_hole(formula, seed):
    sample = draw(FormulaFit(formula=formula, seed=seed, noise=0.5, points=8 + 20 * seed))
    assert len(survey(sample.loss, -BOUND, BOUND).regions()) >= len(SHARES)


def test_a_region_with_a_hole_is_refused():
    with pytest.raises(ValueError, match="hole"):
        survey(lambda c: (c.square().sum(0) - 1).square(), -2, 2).regions()


# Specs


@settings(deadline=None, max_examples=60)
@given(
    st.builds(
        FormulaFit,
        formula=st.sampled_from(sorted(FORMULAS)),
        t1=st.floats(-BOUND, BOUND),
        t2=st.floats(-BOUND, BOUND),
        noise=st.floats(0, 2),
        points=st.integers(5, 60),
        seed=st.integers(0, 10**6),
        optimizers=st.lists(st.sampled_from(ALL), min_size=1, unique=True).map(tuple),
        rate=st.floats(0, 100, exclude_min=True),
        steps=st.integers(1, 20),
    )
)
def test_any_valid_spec_walks(spec):
    ours = walk(spec, draw(spec))
    assert ours.loss.shape == (spec.steps + 1, len(spec.optimizers))
    assert ours.loss[0].isfinite().all()
    for name in spec.optimizers:
        ours.diverged(name)
        ours.within(name, 0.1)


@pytest.mark.parametrize(
    "change",
    [
        {"formula": "cubic"},
        {"c1": 3.1},
        {"t2": float("nan")},
        {"noise": -1},
        {"points": 4},
        {"seed": -1},
        {"fit": 1},
        {"optimizers": ()},
        {"optimizers": ("SGD", "SGD")},
        {"optimizers": ("Lion",)},
        {"rate": 0},
        {"steps": 1001},
        {"step": -1},
    ],
    ids=str,
)
def test_bad_values_are_named(change):
    (field,) = change
    with pytest.raises(ValueError, match=field):
        FormulaFit(**change)


def test_diverged_and_within_speak_of_the_right_steps():
    rows = [[1.0, 1.0, 1.0], [0.5, 3e6, 0.1], [0.4, 1.0, 0.9], [0.1, float("inf"), 0.2]]
    ours = Walk(("SGD", "Momentum", "Adam"), torch.zeros(4, 2, 3), torch.tensor(rows, dtype=torch.float64))
    assert [ours.diverged(n) for n in ours.optimizers] == [None, 1, None]
    assert [ours.within(n, 0.4) for n in ours.optimizers] == [2, None, 3]
    assert ours.within("SGD", 1) == 0
    assert loss_frame(ours)["Momentum"].isna().tolist() == [False, False, False, True]
    assert names("opt", ["SGD"]) == ("SGD",)
