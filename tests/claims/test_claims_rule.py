"""What the scene of the one rule says: of the reader's own row, of its namesakes, and of the ways to write momentum."""

import math
from dataclasses import replace
from functools import cache

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from core.analysis.one_rule import SIGN, between, coefficients, end, namesakes, place, row_of
from core.analysis.sentences import listed
from core.catalogue.custom import Custom
from core.catalogue.optimizers import CUSTOM, METHODS, named
from core.catalogue.row import Row
from core.engine.asking import AtOnce
from core.engine.scheduled import train_stretches
from core.engine.training import train
from core.spec.experiment import Experiment, Optimizer, Run
from core.text import Text
from pages.optimizers.rule import SCENE
from pages.optimizers.rule.compute import CUT, FORMS, cut_step, momentum_run, stretches
from pages.optimizers.rule.figure import forms_sentence
from pages.optimizers.rule.spec import DEFAULTS, ENDS
from tests.strategies import optimizers as any_optimizer

SEEDS = range(10)
DOUBLE = {"dtype": torch.float64}


def losses(experiment: Experiment) -> Tensor:
    return train(experiment, dtype=torch.float64).loss


@cache
def tried(name: str, seed: int) -> Experiment:
    flat = SCENE.form.flatten(DEFAULTS) | SCENE.tries[name]
    return replace(SCENE.form.admit(flat)[0], first_seed=seed)


def ends_of(name: str, seed: int) -> dict[str, float]:
    history = train(tried(name, seed))
    return {run.optimizer.name: o.end for run, o in zip(history.runs, history.outcomes, strict=True)}


@pytest.mark.parametrize("one", ENDS)
def test_the_ends_of_the_slide_are_the_methods(one):
    other = ENDS[ENDS.index(one) - 1]
    for share, name in ((0.0, one), (1.0, other)):
        numbers = between(end(one, {}), end(other, {}), share)
        assert place(numbers, end(one, {}), end(other, {})) == share
        if name == SIGN:  # torch has none: its walk is looked at by itself
            continue
        e = Experiment(optimizers=(Optimizer(name), Optimizer(CUSTOM, **numbers)), epochs=2)
        torch.testing.assert_close(*losses(e).T, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_place_on_the_way_is_that_share_of_it(share):
    """Each number on the way is so far between those at the ends, but for what one of these does not use."""
    for one in named():
        for other in named():
            numbers, rows = between(end(one, {}), end(other, {}), share), (end(one, {}), end(other, {}))
            start, to = map(coefficients, rows)
            for name, value in numbers.items():
                if all(row.a for row in rows) or name not in ("beta2", "c2"):
                    assert value == pytest.approx((1 - share) * start[name] + share * to[name], rel=1e-5)


def gradients() -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(5, dtype=torch.float64, generator=generator) for _ in range(12)]


def walk(optimizer: torch.optim.Optimizer, p: nn.Parameter) -> Tensor:
    path = []
    for g in gradients():
        p.grad = g
        optimizer.step()
        path.append(p.detach().clone())
    return torch.stack(path)


def start() -> nn.Parameter:
    return nn.Parameter(torch.linspace(-1, 1, 5, dtype=torch.float64))


@settings(max_examples=150)
@given(
    given_one=st.sampled_from(named()).flatmap(any_optimizer),
    weight=st.sampled_from([0.01, 0.2, 1.0, 3.0]),
    a=st.sampled_from([0.25, 1.0]),
)
def test_a_row_is_called_what_it_walks_like(given_one, weight, a):
    """A method's row, perhaps one that goes farther or less far, is called the method, and walks as that does."""
    row = row_of(given_one)
    own = replace(row, c1=row.c1 * (1.0 if row.nu else weight), a=row.a * a, floor=row.floor * (a if row.a else 1))
    found = namesakes(own)
    assert found
    for one in found:
        p, q = start(), start()
        ours = walk(Custom([q], 0.01, **_exact(own)), q)
        if one.name == SIGN:
            signs = torch.stack(gradients()).sign().cumsum(0)
            torch.testing.assert_close(ours, start().detach() - 0.01 * one.times * signs, rtol=1e-4, atol=1e-7)
            continue
        h = dict(one.hyperparameters)
        if "beta1" in h:
            h["betas"] = (h.pop("beta1"), h.pop("beta2"))
        theirs = METHODS[one.name].torch_class([p], lr=0.01 * one.times, **h, **METHODS[one.name].fixed)
        torch.testing.assert_close(ours, walk(theirs, p), rtol=1e-4, atol=1e-7)


def _exact(row: Row) -> dict[str, float]:
    names = ("beta1", "c1", "beta2", "c2", "a", "floor", "kappa", "nu", "v0")
    decays = {"weight_decay": row.coupled, "decoupled_weight_decay": row.decoupled}
    return {name: getattr(row, name) for name in names} | decays


def test_what_lies_between_two_methods_has_no_name():
    for one, other in (("SGD", "Adam"), ("Momentum", "Adam"), ("RMSprop", "Adagrad"), ("Momentum", "Nesterov")):
        numbers = between(end(one, {}), end(other, {}), 0.5)
        assert not namesakes(row_of(Optimizer(CUSTOM, **numbers))) or (one, other) == ("RMSprop", "Adagrad")


def form(name: str, seed: int, rate: float = 0.01, momentum: float = 0.8, cut: bool = False) -> Tensor:
    e = momentum_run(Experiment(optimizers=(Optimizer("Momentum", momentum=momentum),), first_seed=seed))
    return train_stretches(
        e, stretches(name, replace(e.runs[0], learning_rate=rate), e.steps, cut_step(e, cut)), **DOUBLE
    )


def by_hand(name: str, e: Experiment, rate: float, mu: float, cut: int | None) -> Tensor:
    """Momentum as a text writes it, step by step, in plain torch."""
    from core.engine.start import draw
    from core.engine.training import build_network

    torch.manual_seed(e.first_seed)
    drawn = draw(e)
    torch.randn(e.points)
    net = build_network(e).double()
    x, y = drawn.x.double(), drawn.y[:, 0].double().unsqueeze(1)
    m = [torch.zeros_like(p) for p in net.parameters()]
    losses = []
    for _ in range(e.epochs):
        for batch in torch.randperm(e.points).split(e.batch_size):
            eta = rate if cut is None or len(losses) < cut else rate * CUT
            loss = ((net(x[batch]) - y[batch]) ** 2).mean()
            slopes = torch.autograd.grad(loss, list(net.parameters()))
            for p, g, memory in zip(net.parameters(), slopes, m, strict=True):
                if name == "rate_inside":
                    memory.mul_(mu).sub_(eta * g)
                    p.data.add_(memory)
                else:
                    memory.mul_(mu).add_(g * (1 - mu) if name == "mean" else g)
                    p.data.sub_(eta * memory)
            losses.append(loss.detach())
    return torch.stack(losses)


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("name", FORMS)
def test_the_forms_are_what_they_are_called(name, cut):
    for seed in (0, 3):
        e = momentum_run(Experiment(first_seed=seed))
        drawn, plain = form(name, seed, cut=cut), by_hand(name, e, 0.01, 0.8, cut_step(e, cut))
        torch.testing.assert_close(drawn, plain, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("rate", "lost"), [(3.0, ("torch", "rate_inside")), (10.0, FORMS)])
def test_who_diverges_is_named(rate, lost):
    text = Text("en")
    found = SCENE.compute((replace(DEFAULTS[0], learning_rates=(rate,)), *DEFAULTS[1:]), AtOnce())
    names = listed([text(f"optimizers.rule.form.{name}") for name in lost], text)
    assert forms_sentence(found, 0.9, text) == text("optimizers.rule.forms_lost", names=names)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rate_inside_is_the_same_walk_until_it_changes(seed):
    torch.testing.assert_close(form("torch", seed), form("rate_inside", seed), rtol=1e-9, atol=1e-12)
    one, other = form("torch", seed, cut=True), form("rate_inside", seed, cut=True)
    cut = cut_step(Experiment(), True)
    torch.testing.assert_close(one[: cut + 1], other[: cut + 1], rtol=1e-9, atol=1e-12)
    assert (one - other)[cut + 1 :].abs().max() > 1e-4


@pytest.mark.parametrize("seed", SEEDS)
def test_with_a_share_of_g_the_same_rate_goes_a_share_as_far(seed):
    for mu in (0.8, 0.99):
        share = form("torch", seed, rate=0.01 * (1 - mu), momentum=mu)
        torch.testing.assert_close(form("mean", seed, momentum=mu), share, rtol=1e-9, atol=1e-12)


def test_steps_on_a_steady_slope_grow_to_these():
    for mu in (0.5, 0.8, 0.95):
        for name, grown in (("torch", 1 / (1 - mu)), ("mean", 1.0), ("rate_inside", 1 / (1 - mu))):
            (part,) = stretches(name, Run(Optimizer("Momentum", momentum=mu), 0.01, 0), 1, None)
            m = 0.0
            for _ in range(1000):
                m = part.row.beta1 * m + part.row.c1 * 2.0
            assert part.rate * m / 2.0 == pytest.approx(0.01 * grown, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_after_a_cut_the_rate_inside_goes_on_with_long_steps(seed):
    """μ = 0.99: for a hundred steps after the cut the loss is on the whole the higher."""
    cut = cut_step(Experiment(), True)
    one, other = (form(name, seed, momentum=0.99, cut=True)[cut : cut + 150] for name in ("torch", "rate_inside"))
    assert other.mean() > 1.05 * one.mean()
    assert 0.99**100 > 1 / 3  # what is left of a step after a hundred more
    assert tried("cut", 0).optimizers[0].momentum == 0.99


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sign_alone_moves_by_the_rate(seed):
    own = tried("sign", seed).optimizers[-1]
    p = start()
    before = p.detach().clone()
    optimizer = Custom([p], 0.01, **own.hyperparameters)
    p.grad = torch.tensor([100.0, 1.0, 1e-3, -5.0, -1e-4], dtype=torch.float64)
    optimizer.step()
    torch.testing.assert_close(before - p.detach(), 0.01 * p.grad.sign(), rtol=1e-5, atol=0)
    ends = ends_of("sign", seed)
    assert ends[CUSTOM] < 0.5 * ends["SGD"]
    assert [one.name for one in namesakes(row_of(own))] == [SIGN]


@pytest.mark.parametrize("seed", SEEDS)
def test_never_forgetting_ends_above(seed):
    ends = ends_of("adagrad", seed)
    assert ends[CUSTOM] == pytest.approx(ends["Adagrad"], rel=1e-3)
    assert ends["Adagrad"] > 1.03 * ends["RMSprop"]


def test_only_nu_lies_between_the_momenta():
    one, other = (coefficients(end(name, {})) for name in ("Momentum", "Nesterov"))
    assert {name for name in one if one[name] != other[name]} == {"nu"}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_share_of_g_stays_with_sgd(seed):
    ends = ends_of("mean", seed)
    assert abs(ends[CUSTOM] - ends["SGD"]) < 0.2 * abs(ends[CUSTOM] - ends["Momentum"])
    (one,) = namesakes(row_of(tried("mean", seed).optimizers[-1]))
    assert (one.name, one.times) == ("Momentum", pytest.approx(0.2))


def moved(optimizer: torch.optim.Optimizer, p: nn.Parameter, slopes: list[float]) -> list[float]:
    steps = []
    for slope in slopes:
        before = p.item()
        p.grad = torch.full_like(p, slope)
        optimizer.step()
        steps.append(before - p.item())
    return steps


def single() -> nn.Parameter:
    return nn.Parameter(torch.zeros(1, dtype=torch.float64))


def test_some_methods_are_no_row():
    slopes = [1.0, 20.0, -3.0, 0.1, 0.1]
    p = single()
    theirs = moved(torch.optim.RMSprop([p], 0.01, alpha=0.9, momentum=0.8), p, slopes)
    v = quotients = m = 0.0
    for slope, step in zip(slopes, theirs, strict=True):
        v, m = 0.9 * v + 0.1 * slope**2, 0.8 * m + slope
        quotients = 0.8 * quotients + slope / (math.sqrt(v) + 1e-8)
        assert step == pytest.approx(0.01 * quotients, rel=1e-9)
    assert theirs[-1] != pytest.approx(0.01 * m / math.sqrt(v), rel=0.01)

    p, q = single(), single()
    ams = moved(torch.optim.Adam([p], 0.01, betas=(0.0, 0.5), amsgrad=True), p, slopes)
    adam = moved(torch.optim.Adam([q], 0.01, betas=(0.0, 0.5)), q, slopes)
    assert ams[:2] == pytest.approx(adam[:2])
    assert abs(ams[-1]) < 0.9 * abs(adam[-1])  # v has fallen since, and the largest has not

    p = single()
    adadelta = torch.optim.Adadelta([p])
    moved(adadelta, p, slopes)
    assert adadelta.state[p]["acc_delta"] > 0

    def second_step(slope_of_other: float) -> float:
        both = nn.Parameter(torch.tensor([1.0, 1.0], dtype=torch.float64))
        optimizer = torch.optim.LBFGS([both], max_iter=2)

        def closure() -> Tensor:
            both.grad = torch.stack([both[0], slope_of_other * both[1]]).detach()
            return (both.detach() ** 2).sum()

        optimizer.step(closure)
        return both[0].item()

    assert second_step(1.0) != pytest.approx(second_step(7.0), rel=1e-3)


ODD = {  # rows that hide whose they are
    "SGD that shrinks its parameters": (Row(decoupled=0.1), "SGD"),
    "half of that": (Row(c1=0.5, decoupled=0.1), "SGD"),
    "AdamW twice as far": (Row(0.9, 0.2, 0.99, 0.01, 1.0, 1e-8, 1.0, decoupled=0.01), "AdamW"),
    "Adagrad corrected": (Row(beta2=1.0, c2=1.0, a=1.0, floor=1e-10, kappa=0.5), "Adagrad"),
    "RMSprop with a large eps": (Row(beta2=0.9, c2=0.1, a=0.1, floor=0.9), "RMSprop"),
    "only what is ahead": (Row(beta1=0.8, c1=0.0, nu=0.5), "SGD"),
    "a sign that decays": (Row(c2=1.0, a=1.0, floor=1e-10, coupled=1.0), "RMSprop"),
}


@pytest.mark.parametrize("odd", ODD)
def test_rows_that_hide_whose_they_are_are_found_out(odd):
    row, name = ODD[odd]
    found = namesakes(row)
    assert [one.name for one in found] == [name]
    p, q = start(), start()
    h = dict(found[0].hyperparameters)
    if "beta1" in h:
        h["betas"] = (h.pop("beta1"), h.pop("beta2"))
    theirs = METHODS[name].torch_class([p], lr=0.01 * found[0].times, **h, **METHODS[name].fixed)
    torch.testing.assert_close(walk(Custom([q], 0.01, **_exact(row)), q), walk(theirs, p), rtol=1e-5, atol=1e-9)


def test_who_does_not_move_is_called_nothing():
    assert not namesakes(Row(c1=0.0, c2=1.0, a=1.0, floor=1e-10))


def test_an_end_that_hardly_forgets_does_not_become_one_that_never_does():
    numbers = between(end("SGD", {}), end("Adam", {"Adam": Optimizer("Adam", betas=(0.9, 0.9999999))}), 1.0)
    assert Optimizer(CUSTOM, **numbers).beta2 == 0.9999999
