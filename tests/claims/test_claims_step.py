"""What is said of one step, run by plain PyTorch: on the defaults, the things to try, and over seeds."""

import itertools
import re
from dataclasses import replace

import pytest
import torch

from core.text import Text
from core.text.numbers import sig
from pages.unknowns import step
from pages.unknowns.formula_fit import FORMULAS, MOST_STEPS, FormulaFit, draw
from pages.unknowns.step.compute import BY_HAND, FLAT, Ending, slope_scale, steps
from tests.claims.plain_walks import by_torch, loss_of
from tests.drawn import drawn, words_at

SEEDS = range(8)
ENGLISH = Text("en")
USUAL = step.SCENE.defaults[0]
ALL = ("Momentum", "Nesterov", "Adagrad", "RMSprop", "Adam", "AdamW")
FORMULA = pytest.mark.parametrize("formula", FORMULAS)


def tried(name: str, seed: int = USUAL.seed) -> FormulaFit:
    names = {"lr": "rate"}
    return replace(USUAL, seed=seed, **{names.get(k, k): v for k, v in step.SCENE.tries[name].items()})


def slope_at(spec: FormulaFit, at: torch.Tensor) -> torch.Tensor:
    here = at.detach().clone().requires_grad_()
    return torch.autograd.grad(loss_of(spec, here), here)[0]


@FORMULA
def test_steps_by_hand_are_those_of_torch(formula):
    for seed, rate in itertools.product(SEEDS, (0.03, 0.1)):
        spec = replace(USUAL, formula=formula, seed=seed, rate=rate)
        found = steps(spec)
        hand = found.by_hand()
        at = torch.tensor([spec.t1, spec.t2], dtype=torch.float64)
        for row in hand.itertuples():
            g = slope_at(spec, at)
            assert torch.allclose(at, torch.tensor([row.c1, row.c2], dtype=torch.float64), atol=1e-9)
            assert torch.allclose(g, torch.tensor([row.g1, row.g2], dtype=torch.float64), atol=1e-9)
            at = at - rate * g
            assert torch.allclose(at, torch.tensor([row.n1, row.n2], dtype=torch.float64), atol=1e-9)
        count = min(found.way.steps, 30)
        for run, name in enumerate(found.way.optimizers):
            there = torch.stack(by_torch(spec, name, count))
            assert torch.allclose(found.way.path[: count + 1, :, run], there, rtol=1e-6, atol=1e-7), (name, seed)


@FORMULA
def test_the_gradient_says_how_fast_the_loss_rises(formula):
    for seed in SEEDS:
        spec = replace(USUAL, formula=formula, seed=seed)
        at = torch.tensor([spec.t1, spec.t2], dtype=torch.float64)
        hand = steps(spec).by_hand().iloc[0]
        for k, name in enumerate(("g1", "g2")):
            off = 1e-6 * torch.eye(2, dtype=torch.float64)[k]
            rise = (loss_of(spec, at + off) - loss_of(spec, at - off)) / 2e-6
            assert hand[name] == pytest.approx(float(rise), abs=1e-6)
        g = torch.tensor([hand["g1"], hand["g2"]], dtype=torch.float64)
        rises = {float(loss_of(spec, at + 1e-4 * _turned(g / g.norm(), a))): a for a in range(0, 360, 15)}
        assert rises[max(rises)] == 0  # nowhere does it rise faster than along the gradient


def _turned(way: torch.Tensor, degrees: float) -> torch.Tensor:
    a = torch.deg2rad(torch.tensor(float(degrees), dtype=torch.float64))
    return torch.stack((way[0] * a.cos() - way[1] * a.sin(), way[0] * a.sin() + way[1] * a.cos()))


def test_the_gradient_is_short_near_the_bottom():
    for formula, seed in itertools.product(("line", "parabola"), SEEDS):
        lengths = steps(replace(USUAL, formula=formula, seed=seed)).slope.norm(dim=1)
        assert (lengths.diff() < 0).all()
        assert lengths[-1] < FLAT < lengths[0] / 100


@FORMULA
def test_a_small_step_lowers_the_loss_and_a_long_one_can_raise_it(formula):
    for seed in SEEDS:
        losses = {rate: steps(replace(USUAL, formula=formula, seed=seed, rate=rate)).way.loss for rate in (0.01, 10.0)}
        assert losses[0.01][1, 0] < losses[0.01][0, 0]
        assert losses[10.0][1, 0] > losses[10.0][0, 0]


@FORMULA
def test_first_steps_are_as_long_as_is_said(formula):
    for seed in SEEDS:
        spec = replace(USUAL, formula=formula, seed=seed, optimizers=ALL)
        at = torch.tensor([spec.t1, spec.t2], dtype=torch.float64)
        g = slope_at(spec, at)
        assert min(g.abs()) > 1e-3
        firsts = steps(spec).firsts()
        for name, length in {"RMSprop": (1 - 0.9) ** -0.5, "Adam": 1.0, "AdamW": 1.0, "Adagrad": 1.0}.items():
            assert firsts[name] == pytest.approx((-length * g.sign()).tolist(), rel=0.02), name
        assert firsts["Momentum"] == pytest.approx((-g).tolist())
        for name in ("Momentum", "RMSprop", "Adam"):
            there = (by_torch(spec, name, 1)[1] - at) / spec.rate
            assert firsts[name] == pytest.approx(there.tolist(), rel=1e-6)
        said = drawn(step.SCENE, spec, text=ENGLISH).sentences[1:]
        assert said[0] == "**Momentum**, first step: to the same place as SGD."
        (even,) = {s for s in said if "RMSprop" in s}
        length = float(re.search(r"step: ([\d.]+) η along each", even)[1])
        assert "**Adagrad and Adam**, first step: η along each coefficient, whatever its slope." in said
        assert any(s.startswith("**AdamW**, first step: ") and " η and " not in s for s in said)
        assert length == pytest.approx(10**0.5, abs=0.02)
        assert any(s.startswith("**Nesterov**, first step: ") and " η along " in s for s in said)


def test_a_first_step_along_a_coefficient_without_slope_is_said_to_be_none():
    spec = replace(USUAL, formula="sine", t1=0.0, t2=1.0)  # y = 0 whatever the frequency
    assert slope_at(spec, torch.tensor([0.0, 1.0], dtype=torch.float64))[1] == 0
    said = drawn(step.SCENE, spec, text=ENGLISH).sentences
    assert any("**Adam**" in s and "and 0 η along ω" in s for s in said)


def test_bias_correction_makes_up_for_the_empty_start():
    """After one step m and v, corrected, are the slope and its square; RMSprop's v is a tenth of it."""
    g = torch.tensor([0.3, -5.0], dtype=torch.float64)
    for kind, extra, share in (
        (torch.optim.Adam, {"betas": (0.9, 0.99)}, 0.01),
        (torch.optim.RMSprop, {"alpha": 0.9}, 0.1),
    ):
        at = torch.zeros(2, dtype=torch.float64, requires_grad=True)
        optimizer = kind([at], lr=1.0, **extra)
        at.grad = g.clone()
        optimizer.step()
        (state,) = optimizer.state.values()
        squares = state["exp_avg_sq" if kind is torch.optim.Adam else "square_avg"]
        assert squares.tolist() == pytest.approx((share * g * g).tolist())
        corrected = squares / (1 - 0.99) if kind is torch.optim.Adam else squares
        assert at.detach().tolist() == pytest.approx((-g / corrected.sqrt()).tolist())


@FORMULA
def test_steps_by_hand_end_for_the_reason_given(formula):
    seen = set()
    for seed, rate in itertools.product(SEEDS, (0.001, 0.1, 0.5, 3.0)):
        spec = replace(USUAL, formula=formula, seed=seed, rate=rate)
        found = steps(spec)
        said = drawn(step.SCENE, spec, text=ENGLISH).sentences[0]
        lengths = found.slope.norm(dim=1)
        seen.add(found.ending)
        assert len(lengths) - 1 == found.way.steps <= MOST_STEPS
        assert (lengths[:-1] >= FLAT).all()
        if found.ending is Ending.FLAT:
            assert lengths[-1] < FLAT
            assert f"after {found.way.steps} step" in said
            assert f"shorter than {sig(FLAT)}" in said
        elif found.ending is Ending.DIVERGED:
            loss = found.way.loss[:, 0]
            assert not loss[-1] <= 1e6 * loss[0]
            assert (loss[:-1] <= 1e6 * loss[0]).all()
            assert f"diverges: at step {found.way.steps} " in said
        else:
            assert found.way.steps == MOST_STEPS
            assert f"still {sig(float(lengths[-1]))} long" in said
    assert Ending.FLAT in seen
    assert Ending.LONG in seen


def test_at_half_b_is_right_after_one_step_and_w_is_not():
    for seed in SEEDS:
        spec = tried("half", seed)
        sample = draw(spec)
        best = torch.linalg.lstsq(torch.stack((sample.x, torch.ones_like(sample.x)), 1), sample.y.unsqueeze(1))
        w, b = best.solution[:, 0].tolist()
        c1, c2 = steps(spec).way.path[1, :, 0].tolist()
        assert c2 == pytest.approx(b, abs=1e-9)
        assert abs(c1 - w) > 0.5 * abs(spec.t1 - w)
        bends = torch.autograd.functional.hessian(lambda c, spec=spec: loss_of(spec, c), torch.zeros(2).double())
        assert float(bends[1, 1]) == pytest.approx(2)
        assert float(bends[0, 0]) < 1


def test_at_1_2_every_step_lands_farther_off_and_those_that_divide_do_not_run_away():
    for seed in SEEDS:
        found = steps(tried("across", seed))
        assert found.ending is Ending.DIVERGED
        b = found.way.path[:, 1, 0]
        best = draw(found.spec).y.mean()
        off = b - best
        assert (off[1:] * off[:-1] < 0).all()
        assert (off[1:].abs() > off[:-1].abs()).all()
        for name in ("RMSprop", "Adam"):
            run = found.way.optimizers.index(name)
            far = (found.way.path[:, :, run] - found.way.path[0, :, :1].T).norm(dim=1)
            assert far[len(far) // 2 :].max() <= far[: len(far) // 2].max(), (seed, name)
            assert found.way.loss[:, run].max() < 20, (seed, name)


def test_in_the_wrong_valley_the_gradient_vanishes_as_well():
    for seed in SEEDS:
        spec = tried("pit", seed)
        found = steps(spec)
        sample = draw(spec)
        assert found.ending is Ending.FLAT, seed
        assert found.way.loss[-1, 0] > 5 * sample.loss_at(*sample.hidden)


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_the_numbers_written_are_those_of_the_step(language):
    text = Text(language)
    for formula, rate in itertools.product(FORMULAS, (0.1, 3.0)):
        spec = replace(USUAL, formula=formula, rate=rate)
        found = steps(spec)
        (chart,) = (c for c in drawn(step.SCENE, spec, text=text).charts if c.name == "numbers")
        hand = found.by_hand()
        symbols = FORMULAS[formula].symbols
        for k in sorted({0, 1, found.way.steps // 2, found.way.steps}):
            words = [w for w in words_at(chart.spec, k) if "←" in w]
            assert len(words) == (4 if k else 2)
            for at, lines in ((k, words[:2]), (k - 1, words[2:])):
                for line, symbol, i in zip(lines, symbols, (1, 2), strict=False):
                    row = hand.iloc[at]
                    new, old, eta, slope, led = re.fullmatch(r"(.) ← (\S+) − (\S+) × (\S+) ≈ (\S+)", line).groups()
                    values = [float(v.strip("()").replace("−", "-")) for v in (old, eta, slope, led)]
                    exact = [row[f"c{i}"], rate, row[f"g{i}"], row[f"n{i}"]]
                    assert new == symbol
                    assert values == pytest.approx(exact, rel=1e-3, abs=6e-4)
                    if abs(row[f"n{i}"]) < 100:
                        assert values[0] - values[1] * values[2] == pytest.approx(values[3], abs=1.2e-3)


def test_arrows_are_drawn_as_is_said():
    for formula in FORMULAS:
        spec = replace(USUAL, formula=formula)
        shown = drawn(step.SCENE, spec, text=ENGLISH)
        scale = slope_scale(spec)
        assert f"shrunk to 1/{sig(1 / scale)} of" in shown.notes[0]
        (chart,) = (c for c in shown.charts if c.name == "map")
        assert f"{scale} * datum.g1" in str(chart.spec)
        assert "datum.n1" in str(chart.spec)
        assert BY_HAND not in chart.alt
        assert all(name in chart.alt for name in spec.optimizers)
        assert ("Rings" in chart.alt) == ("Rings" in shown.notes[0])
        alone = drawn(step.SCENE, replace(spec, optimizers=(BY_HAND,)), text=ENGLISH)
        assert "Rings" not in alone.charts[0].alt + alone.notes[0]
        assert len(alone.sentences) == 1
        far = replace(spec, t1=2.4, t2=2.4, rate=2.0)  # its step and its gradient leave the map
        (chart,) = (c for c in drawn(step.SCENE, far, text=ENGLISH).charts if c.name == "map")
        assert {"g …", "−η·g …"} & set(words_at(chart.spec, 0))


def test_a_start_without_slope_takes_no_step_and_tiny_rates_have_first_steps_too():
    flat = replace(USUAL, formula="sine", t1=0.0, t2=0.0)
    shown = drawn(step.SCENE, flat, text=ENGLISH)
    assert shown.steps == 0
    assert "after 0 steps the gradient is shorter" in shown.sentences[0]
    for rate in (1e-38, 1e-16, 100.0):
        said = drawn(step.SCENE, replace(USUAL, rate=rate), text=ENGLISH).sentences[1:]
        assert said == drawn(step.SCENE, USUAL, text=ENGLISH).sentences[1:]
