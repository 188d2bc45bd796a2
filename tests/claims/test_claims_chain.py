"""What is said of the chain rule at one point, by autograd."""

import itertools
import re

import pytest
import torch

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.losses import LOSSES
from core.engine.asking import AtOnce
from core.spec.experiment import Loss
from core.text import Text
from core.text.numbers import sig
from pages.objective import chain
from pages.objective.chain.compute import Chained
from pages.objective.chain.spec import COEFFICIENTS, DEFAULTS, READY, TRIES, Chain
from tests.drawn import drawn

ENGLISH = Text("en")


def by_autograd(spec: Chain) -> tuple[float, float, float, float]:
    """The residual, the slope of the loss, that of the prediction, and the gradient."""
    w, b, v = (torch.tensor(c, dtype=torch.float64, requires_grad=True) for c in (spec.weight, spec.bias, spec.output))
    asked = dict(zip(COEFFICIENTS, (w, b, v), strict=True))[spec.of]
    prediction = v * ACTIVATIONS[spec.activation].module()(w * spec.x + b)
    (moves,) = torch.autograd.grad(prediction, asked, retain_graph=True)
    loss = Loss(spec.loss)
    apart = prediction.detach().requires_grad_()
    loss_of = LOSSES[spec.loss].torch_loss(loss.parameter)
    (rises,) = torch.autograd.grad(loss_of(apart, torch.full_like(apart, spec.y)), apart)
    loss_of(prediction, torch.full_like(prediction, spec.y)).backward()
    return prediction.item() - spec.y, rises.item(), moves.item(), asked.grad.item()


def numbers(sentence: str) -> list[float]:
    """The numbers that stand in a sentence, in order."""
    return [float(n.replace("−", "-").strip("()")) for n in re.findall(r"\(?−?\d+(?:\.\d+)?\)?", sentence)]


def chained(spec: Chain) -> Chained:
    return chain.SCENE.compute((spec,), AtOnce())


def tried(name: str) -> Chain:
    flat = chain.SCENE.form.flatten(DEFAULTS) | TRIES[name]
    return chain.SCENE.form.build(flat)[0]


@pytest.mark.parametrize("loss", READY)
def test_the_product_of_both_slopes_is_the_gradient_of_autograd(loss):
    for activation, of, (x, y) in itertools.product(ACTIVATIONS, COEFFICIENTS, ((0.75, 0.5), (-1.0, -3.0), (0.5, 2.0))):
        spec = Chain(activation=activation, loss=loss, of=of, x=x, y=y, weight=1.25, bias=-0.4, output=-1.5)
        r, rises, moves, gradient = by_autograd(spec)
        found = chained(spec)
        expected = pytest.approx((r, rises, moves, gradient), rel=1e-9, abs=1e-12)
        assert (found.loss.x, found.loss.slope, found.prediction.slope, found.product.slope) == expected
        for link in (found.loss, found.prediction, found.product):  # the tangent touches its curve
            near = (link.frame["x"] - link.x).abs().idxmin()
            assert abs(link.frame["y"][near] - link.y) < 0.3
        shown = drawn(chain.SCENE, spec, text=ENGLISH)
        first, second, third, *rest = shown.sentences
        assert f"≈ {sig(r)}. There the loss rises by **{sig(rises, 4)}**" in first
        assert f"**{sig(moves, 4)}** for every 1 that {of} rises" in second
        assert f"≈ **{sig(gradient)}**" in third
        one, other, product = numbers(third)[:3]
        assert one * other == pytest.approx(product, rel=0.006)  # half a unit of its third digit
        at, measured, residual = numbers(first.partition(". There")[0])
        assert at - measured == pytest.approx(residual, rel=0.006, abs=0.001)
        assert bool(rest) == (gradient == 0)
        for chart, slope, digits in zip(shown.charts, (rises, moves, gradient), (4, 4, 3), strict=True):
            assert f"slope {sig(slope, digits)}" in chart.alt


def test_behind_a_flat_piece_of_relu_nothing_comes_through():
    spec = tried("dead")
    r, rises, moves, gradient = by_autograd(spec)
    assert spec.weight * spec.x + spec.bias < 0
    assert r != 0
    assert rises != 0
    assert moves == gradient == 0
    assert "A factor is 0" in drawn(chain.SCENE, spec, text=ENGLISH).sentences[-1]


def test_under_mse_the_gradient_grows_with_the_residual_and_under_l1_it_does_not():
    usual, far, capped = DEFAULTS[0], tried("far"), tried("capped")
    assert capped == Chain(**(vars(far) | {"loss": "l1"}))
    r0, rises0, moves0, gradient0 = by_autograd(usual)
    r1, rises1, moves1, gradient1 = by_autograd(far)
    assert r1 > r0 > 0
    assert rises1 / rises0 == pytest.approx(r1 / r0)
    assert gradient1 / gradient0 == pytest.approx(r1 / r0)
    _, rises2, moves2, gradient2 = by_autograd(capped)
    assert moves0 == moves1 == moves2
    assert rises2 == 1
    assert gradient2 == by_autograd(Chain(loss="l1"))[3]  # as a point nearby
