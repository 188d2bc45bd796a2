"""What the page The objective says of losses: their slopes, PyTorch's classes, reductions, own losses."""

import inspect
import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from core.analysis import loss_frames
from core.analysis.verdict import judge
from core.catalogue.losses import LOSSES, LogCosh, Quantile
from core.engine.history import Kind
from core.engine.training import build_loss, train
from core.expression.parser import parse
from core.spec.experiment import Experiment, Loss, Optimizer
from core.text import Text
from core.text.numbers import sig
from pages.objective.classes import spec as classes_spec
from pages.objective.classes.tables import CLASSES, MORE_CLASSES, entropy_sentence, entropy_table
from pages.objective.outliers import figure as outliers
from pages.objective.pairs import FAR, NEAR, logit_pair, named, own_pair, residual_pair
from pages.objective.spec import DEFAULTS, Objective

TEXT = Text("en")
DOUBLE = torch.float64
ADAM = (Optimizer("Adam"),)
#: Own losses of every kind: smooth, with kinks, flat parts, poles, places without a value.
OWN = (
    *("r**2", "abs(r)", "(r - 0.51)**2", "(r**2 - 0.5)**2", "log(1 + (5*r)**2)", "where(abs(r) < 0.5, r**2, 0.25)"),
    *("maximum(abs(r) - 1, 0)", "r", "-r", "cosh(r)", "1 - exp(-r**2)", "abs(r)**3", "tanh(r)", "sign(r)", "r*log(r)"),
    *("sqrt(r)", "sqrt(r - 0.005)", "log(r)", "-log(r)", "1/r", "1/(r**2 - 1)", "log(abs(r))", "exp(exp(10*abs(r)))"),
)


def own(expression: str) -> Loss:
    return Loss("own", expression=expression)


def value_of(loss: Loss, r: torch.Tensor) -> torch.Tensor:
    """The loss of each residual by its own PyTorch module, one by one."""
    module = LOSSES[loss.name].torch_loss(loss.parameter or 0.0)
    return torch.stack([module(one, torch.zeros((), dtype=r.dtype)) for one in r.unbind()])


def slope_of(loss: Loss, at: list[float]) -> torch.Tensor:
    r = torch.tensor(at, dtype=DOUBLE, requires_grad=True)
    (slopes,) = torch.autograd.grad(value_of(loss, r).sum(), r)
    return slopes


# Losses against the residual


def test_only_the_slope_of_a_loss_moves_the_prediction():
    raised = [train(Experiment(loss=own(f"{text} + 5"), optimizers=ADAM, epochs=2, seeds=5)) for text in ("r**2",)]
    plain = train(Experiment(optimizers=ADAM, epochs=2, seeds=5))
    assert torch.allclose(raised[0].loss - 5, plain.loss, atol=1e-5)
    torch.testing.assert_close(raised[0].snapshots, plain.snapshots, rtol=1e-3, atol=1e-4)
    prediction = torch.tensor([0.3], requires_grad=True)  # a step against the slope moves it by rate × slope
    nn.HuberLoss(delta=0.1)(prediction, torch.tensor([1.0])).backward()
    torch.optim.SGD([prediction], lr=1.0).step()
    assert prediction.item() == pytest.approx(0.4)


@pytest.mark.parametrize("name", LOSSES)
def test_the_slope_beside_a_loss_is_its_derivative(name):
    kind = LOSSES[name]
    for parameter in (None, *kind.range) if kind.parameter and name != "own" else (None,):
        loss = Loss(name, **({kind.parameter: parameter} if parameter else {}))
        frame = loss_frames.residual_frame([loss])
        r = torch.tensor(frame["x"].tolist(), dtype=DOUBLE)
        drawn = torch.tensor(frame[f"value_{name}"].tolist(), dtype=DOUBLE)
        torch.testing.assert_close(drawn, value_of(loss, r))
        torch.testing.assert_close(torch.tensor(frame[f"slope_{name}"].tolist(), dtype=DOUBLE), slope_of(loss, list(r)))


def test_mse_gives_more_influence_farther_off_and_l1_the_same_to_all():
    at = [0.01, 0.5, 1.0, 2.0, 50.0]
    assert slope_of(Loss(), at).diff().min() > 0
    assert slope_of(Loss("l1"), at).tolist() == [1.0] * 5
    assert slope_of(Loss("l1"), [-v for v in at]).tolist() == [-1.0] * 5


@pytest.mark.parametrize("at", [0.01, 0.1, 1.0, 3.0])
def test_huber_and_smooth_l1_are_parabolas_near_zero_and_straight_farther_out(at):
    near, far = torch.linspace(-at, at, 9, dtype=DOUBLE), torch.tensor([1.01, 2.0, 9.0], dtype=DOUBLE) * at
    huber, smooth = Loss("huber", delta=at), Loss("smooth_l1", beta=at)
    torch.testing.assert_close(value_of(huber, near), near**2 / 2)
    torch.testing.assert_close(value_of(smooth, near), near**2 / (2 * at))
    torch.testing.assert_close(slope_of(huber, far.tolist()), torch.full((3,), at, dtype=DOUBLE))
    torch.testing.assert_close(slope_of(smooth, far.tolist()), torch.ones(3, dtype=DOUBLE))
    assert not torch.allclose(value_of(huber, near), near**2)  # MSE's own parabola is twice as steep


def test_log_cosh_changes_over_without_a_seam():
    def bends(loss: Loss) -> torch.Tensor:
        r = torch.linspace(-2, 2, 4001, dtype=DOUBLE)
        return slope_of(loss, r.tolist()).diff() / 1e-3

    seam = {name: bends(Loss(name)).diff().abs().max().item() for name in ("log_cosh", "huber", "smooth_l1")}
    assert seam["log_cosh"] < 0.01 < 0.9 < min(seam["huber"], seam["smooth_l1"])
    small, large = torch.tensor([0.05], dtype=DOUBLE), torch.tensor([20.0], dtype=DOUBLE)
    assert value_of(Loss("log_cosh"), small).item() == pytest.approx(small.item() ** 2 / 2, rel=1e-3)
    assert value_of(Loss("log_cosh"), large).item() == pytest.approx(large.item(), rel=0.05)


def test_a_quantile_of_nine_tenths_charges_nine_times_for_too_low():
    loss = Loss("quantile", tau=0.9)
    for size in (0.01, 1.0, 30.0):
        low, high = value_of(loss, torch.tensor([-size, size], dtype=DOUBLE)).tolist()
        assert low == pytest.approx(9 * high)


def test_pytorch_has_neither_log_cosh_nor_quantile():
    there = {n.lower().replace("loss", "") for n in dir(nn) if n.endswith("Loss")}
    assert not there & {"logcosh", "quantile", "pinball"}
    assert {*CLASSES, *MORE_CLASSES} == {n for n in dir(nn) if n.endswith("Loss")} - {"NLLLoss2d"}
    for kind in (LogCosh, Quantile):
        assert len(inspect.getsource(kind).splitlines()) < 15


@pytest.mark.parametrize("at", [0.03, 0.3, 1.0, 2.5])
def test_huber_is_delta_times_smooth_l1(at):
    both = [Loss("smooth_l1", beta=at), Loss("huber", delta=at)]
    r = torch.linspace(-4, 4, 81, dtype=DOUBLE)
    torch.testing.assert_close(value_of(both[1], r), at * value_of(both[0], r))
    (said,) = [label for label, _ in named(both, TEXT).values()]
    assert said == ("Smooth L1 = Huber" if at == 1 else f"Smooth L1 (Huber: × {at:g})")
    assert len(named([both[0], Loss("huber", delta=at + 0.1)], TEXT)) == 2


@pytest.mark.parametrize("loss", [*map(Loss, LOSSES), Loss("huber", delta=0.7), *map(own, ("cosh(r)", "abs(r)**1.5"))])
def test_influences_are_compared_as_autograd_finds_them(loss):
    near, far = slope_of(loss, [NEAR, FAR]).abs().tolist()
    said = own_pair(loss, TEXT).sentences[0] if loss.name == "own" else residual_pair([loss], TEXT).sentences[0]
    assert f"× {far / near:.3g}".rstrip("0").rstrip(".") in said


# Own losses


@pytest.mark.parametrize("expression", [e for e in OWN if e not in ("sign(r)",)])
def test_the_slope_of_an_own_loss_comes_from_its_expression(expression):
    r = torch.linspace(0.05, 1.9, 30, dtype=DOUBLE, requires_grad=True)
    found = parse(expression)
    (slopes,) = torch.autograd.grad(found.value(r).sum(), r)
    torch.testing.assert_close(found.slope(r.detach()), slopes, equal_nan=True)


def test_an_own_loss_trains_a_network():
    assert "own" in Objective().fits
    history = train(Experiment(loss=Loss("own"), optimizers=ADAM, seeds=5))
    assert (history.end < 0.5 * history.constant_loss).all()


def test_two_of_the_suggested_losses_train_and_log_r_does_not():
    for expression in ("abs(r)**3", "1 - exp(-r**2)"):
        history = train(Experiment(loss=own(expression), optimizers=ADAM, seeds=5))
        assert (history.end < history.full_loss[0]).all()
        assert {o.kind for o in history.outcomes} <= {Kind.ABOVE, Kind.BELOW}
    lost = train(Experiment(loss=own("log(r)"), optimizers=ADAM, epochs=1, seeds=5))
    assert {o.kind for o in lost.outcomes} == {Kind.DIVERGED}


def test_a_cube_is_flatter_than_mse_near_zero_and_steeper_far_out():
    near, far = torch.linspace(0.01, 0.66, 50).tolist(), torch.linspace(0.67, 3, 50).tolist()
    cube = own("abs(r)**3")
    assert (slope_of(cube, near).abs() < slope_of(Loss(), near).abs()).all()
    assert (slope_of(cube, far).abs() > slope_of(Loss(), far).abs()).all()


def test_a_bell_upside_down_is_mse_near_zero_and_flat_far_out():
    bell = own("1 - exp(-r**2)")
    near, far = [-0.1, -0.01, 0.01, 0.1], [-3.0, -2.5, 2.5, 3.0]
    torch.testing.assert_close(slope_of(bell, near), slope_of(Loss(), near), rtol=0.02, atol=0)
    assert (slope_of(bell, far).abs() < 0.01 * slope_of(Loss(), far).abs()).all()


def test_a_training_that_meets_no_value_diverges():
    for expression in ("log(r)", "sqrt(r)", "log(-1 - r**2)"):
        history = train(Experiment(loss=own(expression), optimizers=ADAM, epochs=1, seeds=5))
        assert {(o.kind, o.reached) for o in history.outcomes} == {(Kind.DIVERGED, None)}
        one = train(replace(history.experiment, seeds=1))
        assert outliers.figure([one], DEFAULTS, TEXT).sentences == (TEXT("objective.fits.lost"),)


def fine(expression: str) -> tuple[torch.Tensor, torch.Tensor]:
    """A thousand times as many places as are drawn, off their grid, and the values there."""
    r = torch.cat([torch.linspace(-2, 2, 200_003, dtype=DOUBLE), torch.tensor([-1.0, 0, 1], dtype=DOUBLE)])
    return r, parse(expression).value(r).broadcast_to(r.shape)


@pytest.mark.parametrize("expression", OWN)
def test_an_own_loss_is_said_to_be_least_where_a_fine_search_finds_it(expression):
    found = judge(own(expression))
    r, values = fine(expression)
    finite = values.isfinite()
    if found.falls is not None:
        assert "It has no least value" in own_pair(own(expression), TEXT).sentences[0]
        return
    lowest = values[finite].min()
    there = r[finite & (values <= lowest + 1e-9 * max(1.0, abs(lowest.item())))]
    for low, high in found.least:
        assert ((there >= low - 2e-3) & (there <= high + 2e-3)).any()
    for place in there.tolist():
        assert any(low - 2e-3 <= place <= high + 2e-3 for low, high in found.least)


def test_an_own_loss_without_a_minimum_is_said_to_have_none():
    for expression, at in {
        "log(r)": 0,
        "1/r": 0,
        "log(abs(r))": 0,
        "1/(r**2 - 1)": -1,
        "log(r - 0.005)": 0.005,
    }.items():
        assert judge(own(expression)).falls == at
        one, two, three = (parse(expression).value(torch.tensor([at + s], dtype=DOUBLE)) for s in (1e-4, 1e-8, 1e-12))
        if expression in ("log(r)", "log(abs(r))", "log(r - 0.005)"):
            assert one > two > three
        said = own_pair(own(expression), TEXT).sentences[0]
        assert said.startswith(TEXT("objective.own.falls", at=f"{at:g}".replace("-", "−")))
    assert not any(
        "least value" in s for e in ("sqrt(r)", "r*log(r)", "r**2") for s in own_pair(own(e), TEXT).sentences
    )


@pytest.mark.parametrize("expression", OWN)
def test_an_own_loss_is_said_to_have_no_value_where_it_has_none(expression):
    found = judge(own(expression))
    r, values = fine(expression)
    inside = torch.zeros_like(r, dtype=torch.bool)
    edge = torch.zeros_like(inside)
    for low, high in found.no_value:
        inside |= (r >= low) & (r <= high)
        edge |= ((r - low).abs() < 1e-4) | ((r - high).abs() < 1e-4)
    assert torch.equal(inside[~edge], ~values.isfinite()[~edge])
    said = " ".join(own_pair(own(expression), TEXT).sentences)
    assert ("Its value is not a finite number" in said) == (not values.isfinite().all())


def test_one_residual_without_a_slope_spoils_the_whole_gradient():
    for expression in ("sqrt(abs(r))", "sqrt(r)"):
        assert judge(own(expression)).no_slope == ((0.0, 0.0),)
        weight = torch.tensor(1.0, requires_grad=True)
        r = weight * torch.tensor([0.5, 1.0, 0.0])
        build_loss(Experiment(loss=own(expression)))(r, torch.zeros(3)).backward()
        assert not weight.grad.isfinite()


def test_a_loss_that_is_flat_teaches_nothing():
    for expression, share in {"sign(r)": "100%", "0*r": "100%", "maximum(abs(r) - 1.9, 0)": "94%"}.items():
        assert f"Its slope is 0 at {share}" in own_pair(own(expression), TEXT).sentences[-1]
        history = train(Experiment(loss=own(expression), optimizers=ADAM, epochs=1, seeds=5))
        assert torch.equal(history.snapshots[0], history.snapshots[-1])
    assert not any("slope is 0" in s for s in own_pair(own("maximum(abs(r) - 1, 0)"), TEXT).sentences)


# PyTorch's classes


def test_mse_asks_for_the_mean_and_l1_for_the_median():
    for seed in range(5):
        y = torch.randn(101, generator=torch.Generator().manual_seed(seed), dtype=DOUBLE).exp()
        tried = torch.linspace(float(y.min()), float(y.max()), 20_001, dtype=DOUBLE)
        for loss, wanted in ((Loss(), y.mean()), (Loss("l1"), y.median())):
            costs = loss_frames.value(loss, tried.unsqueeze(1) - y).mean(1)
            assert tried[costs.argmin()].item() == pytest.approx(wanted.item(), abs=1e-3)
    assert value_of(Loss("l1"), torch.tensor([3.0])).item() == 3  # what it is off by, in units of y


def test_bce_of_probabilities_is_less_exact():
    z = torch.tensor([-120.0])
    exact = nn.BCEWithLogitsLoss()(z, torch.ones(1)).item()
    assert exact == pytest.approx(120)
    assert nn.BCELoss()(z.sigmoid(), torch.ones(1)).item() == 100  # cut off, where the logarithm would be infinite


def test_most_losses_ask_how_far_off_or_how_sure_of_the_class():
    x, near, far = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.5, 2.5]]), torch.tensor([[3.0, 4.0]])
    numbers = 0
    for name in ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"):
        loss = getattr(nn, name)()
        numbers += bool(loss(x, x) < loss(x, near) < loss(x, far))
    poisson, gaussian = nn.PoissonNLLLoss(log_input=False), nn.GaussianNLLLoss()
    numbers += bool(poisson(x, x) < poisson(near, x) < poisson(far, x))
    numbers += bool(gaussian(x, x, x) < gaussian(near, x, x) < gaussian(far, x, x))
    right, labels = torch.tensor([0]), torch.tensor([[1.0, 0.0]])
    sure = {f"sure{i}": torch.tensor([[z, 0.0]]) for i, z in enumerate((-1.0, 0.0, 1.0))}.values()
    classes = {
        "CrossEntropyLoss": lambda z: nn.CrossEntropyLoss()(z, right),
        "NLLLoss": lambda z: nn.NLLLoss()(z.log_softmax(1), right),
        "BCEWithLogitsLoss": lambda z: nn.BCEWithLogitsLoss()(z, labels),
        "BCELoss": lambda z: nn.BCELoss()(z.sigmoid(), labels),
        "SoftMarginLoss": lambda z: nn.SoftMarginLoss()(z, 2 * labels - 1),
        "MultiLabelSoftMarginLoss": lambda z: nn.MultiLabelSoftMarginLoss()(z, labels),
        "MultiMarginLoss": lambda z: nn.MultiMarginLoss()(z, right),
        "MultiLabelMarginLoss": lambda z: nn.MultiLabelMarginLoss()(z, torch.tensor([[0, -1]])),
        "CTCLoss": lambda z: nn.CTCLoss(blank=1)(z.log_softmax(1).unsqueeze(0), right.view(1, 1), (1,), (1,)),
        "LinearCrossEntropyLoss": _linear_cross_entropy,
    }
    there = {*CLASSES, *MORE_CLASSES}
    assert classes.keys() <= there
    falling = [bool((torch.stack([loss(z) for z in sure]).diff() <= 0).all()) for loss in classes.values()]
    assert numbers + sum(falling) > len(there) / 2


def _linear_cross_entropy(z: torch.Tensor) -> torch.Tensor:
    loss = nn.LinearCrossEntropyLoss(2, 2)
    loss.linear.weight.data = torch.eye(2)
    return loss(z, torch.tensor([0])).detach()


def test_nearly_every_class_reduces_by_mean_sum_or_none():
    names = [*CLASSES, *MORE_CLASSES]
    takes = {n: inspect.signature(getattr(nn, n).__init__).parameters.get("reduction") for n in names}
    assert [n for n, reduction in takes.items() if reduction is None] == ["AdaptiveLogSoftmaxWithLoss"]
    assert {reduction.default for reduction in takes.values() if reduction} == {"mean"}
    frame = loss_frames.reductions((0.5, -1.0, 2.0), [Loss("mse"), Loss("l1"), Loss("huber", delta=0.5)]).set_index(
        "loss"
    )
    assert frame.loc["mse"].tolist() == [[0.25, 1, 4], 5.25, 1.75]
    assert frame.loc["l1"].tolist() == [[0.5, 1, 2], 3.5, pytest.approx(3.5 / 3)]
    assert frame.loc["huber", "none"] == [0.125, 0.375, 0.875]


def test_with_sum_twice_the_batch_is_twice_the_gradient():
    for seed in range(5):
        torch.manual_seed(seed)
        x, y, net = torch.randn(16384, 1), torch.randn(16384, 1) + 1, nn.Linear(1, 1)

        def length(points: int, reduction: str, x=x, y=y, net=net) -> float:
            net.zero_grad()
            nn.MSELoss(reduction=reduction)(net(x[:points]), y[:points]).backward()
            return math.hypot(*(p.grad.norm().item() for p in net.parameters()))

        assert length(16384, "sum") / length(8192, "sum") == pytest.approx(2, rel=0.1)
        assert length(16384, "mean") / length(8192, "mean") == pytest.approx(1, rel=0.1)


def test_the_formulas_of_the_loss_classes_are_pytorchs():
    torch.manual_seed(0)
    z, y = torch.randn(6, dtype=DOUBLE), torch.tensor([1.0, 0, 1, 1, 0, 0], dtype=DOUBLE)
    sign, p, k = 2 * y - 1, torch.sigmoid(z), 2
    softplus = torch.log(1 + torch.exp(-sign * z))
    shares = z.exp() / z.exp().sum()
    close = torch.testing.assert_close
    close(nn.CrossEntropyLoss()(z.unsqueeze(0), torch.tensor([k])), -shares[k].log())
    close(nn.NLLLoss()(shares.log().unsqueeze(0), torch.tensor([k])), -shares[k].log())
    close(nn.BCEWithLogitsLoss(reduction="none")(z, y), softplus)
    close(nn.BCELoss(reduction="none")(p, y), torch.where(y == 1, -p.log(), -(1 - p).log()))
    close(nn.SoftMarginLoss(reduction="none")(z, sign), softplus)
    close(nn.MultiLabelSoftMarginLoss()(z.unsqueeze(0), y.unsqueeze(0)), softplus.mean())
    margins = (1 - z[k] + z).clamp_min(0)
    close(nn.MultiMarginLoss()(z.unsqueeze(0), torch.tensor([k])), (margins.sum() - margins[k]) / 6)
    right, wrong = [0, 2, 3], [1, 4, 5]
    target = torch.tensor([[*right, -1, 0, 0]])
    pairs = torch.stack([(1 - z[a] + z[b]).clamp_min(0) for a in right for b in wrong])
    close(nn.MultiLabelMarginLoss()(z.unsqueeze(0), target), pairs.sum() / 6)
    d = z.abs()
    close(nn.HingeEmbeddingLoss(reduction="none")(d, sign), torch.where(y == 1, d, (1 - d).clamp_min(0)))
    z2 = z.flip(0)
    close(nn.MarginRankingLoss(reduction="none")(z, z2, sign), (-sign * (z - z2)).clamp_min(0))
    a, like, other = torch.randn(3, 4, 5, dtype=DOUBLE)
    near, far = ((a - b + 1e-6).norm(dim=1) for b in (like, other))
    close(nn.TripletMarginLoss(reduction="none")(a, like, other), (near - far + 1).clamp_min(0))
    city = nn.TripletMarginWithDistanceLoss(distance_function=lambda s, t: (s - t).abs().sum(1), reduction="none")
    close(city(a, like, other), ((a - like).abs().sum(1) - (a - other).abs().sum(1) + 1).clamp_min(0))
    labels = torch.tensor([1, -1, 1, -1])
    cosine = (a * like).sum(1) / (a.norm(dim=1) * like.norm(dim=1))
    by_angle = nn.CosineEmbeddingLoss(reduction="none")
    close(by_angle(a, like, labels), torch.where(labels == 1, 1 - cosine, cosine.clamp_min(0)))
    close(by_angle(7 * a, like, labels), by_angle(a, like, labels))
    q = y / y.sum()
    close(nn.KLDivLoss(reduction="none")(shares.log(), q)[y == 1], (q * (q.log() - shares.log()))[y == 1])
    close(nn.PoissonNLLLoss(reduction="none")(z, y), z.exp() - y * z)
    variance = torch.rand(6, dtype=DOUBLE) + 0.1
    close(nn.GaussianNLLLoss(reduction="none")(z, y, variance), (variance.log() + (z - y) ** 2 / variance) / 2)
    chances = torch.rand(3, 1, 3, dtype=DOUBLE).softmax(2)  # (time, batch, blank and two letters)
    ways = [(1, 1, 1), (0, 1, 1), (1, 1, 0), (0, 0, 1), (0, 1, 0), (1, 0, 0)]  # all that read as the letter 1
    likely = sum(math.prod(chances[t, 0, s].item() for t, s in enumerate(way)) for way in ways)
    ctc = nn.CTCLoss(reduction="sum")(chances.log(), torch.tensor([[1]]), (3,), (1,))
    assert ctc.item() == pytest.approx(-math.log(likely))
    adaptive = nn.AdaptiveLogSoftmaxWithLoss(5, 6, cutoffs=[2], dtype=DOUBLE)
    close(adaptive(a, torch.tensor([0, 5, 1, 3])).loss, -adaptive.log_prob(a)[range(4), [0, 5, 1, 3]].mean())


def test_linear_cross_entropy_is_both_in_one_and_keeps_fewer_bytes():
    torch.manual_seed(0)
    x, target = torch.randn(512, 16, requires_grad=True), torch.randint(4000, (512,))
    both = nn.LinearCrossEntropyLoss(16, 4000, options=nn.LinearCrossEntropyOptions())

    def run(loss) -> tuple[torch.Tensor, int]:
        kept: list[int] = []
        with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t.nbytes) or t, lambda t: t):
            found = loss()
        return found.detach(), max(kept, default=0)

    apart, apart_bytes = run(lambda: nn.CrossEntropyLoss()(x @ both.linear.weight.T, target))
    fused, fused_bytes = run(lambda: both(x, target))
    torch.testing.assert_close(fused, apart)
    assert fused_bytes < apart_bytes / 4


# Classes


def test_one_logit_is_enough_for_two_classes():
    for seed in range(5):
        z = torch.randn(2, 9, generator=torch.Generator().manual_seed(seed), dtype=DOUBLE)
        both = z.softmax(0)[1]
        torch.testing.assert_close(both, torch.sigmoid(z[1] - z[0]))


def test_the_logit_curves_are_bce_soft_margin_and_hinge():
    frame = loss_frames.logit_frame()
    z = torch.tensor(frame["x"].tolist(), dtype=DOUBLE, requires_grad=True)
    one = torch.ones_like(z)
    bce = nn.functional.binary_cross_entropy_with_logits(z, one, reduction="none")
    torch.testing.assert_close(bce, nn.functional.soft_margin_loss(z, one, reduction="none"))
    hinge = nn.functional.hinge_embedding_loss(z, -one, margin=1, reduction="none")  # max(0, 1 − z) for label −1
    slopes = {}
    for name, values in (("bce", bce), ("hinge", hinge)):
        (slopes[name],) = torch.autograd.grad(values.sum(), z, retain_graph=True)
        torch.testing.assert_close(torch.tensor(frame[f"value_{name}"].tolist(), dtype=DOUBLE), values.detach())
        at = z.detach() != 1  # at its kink the slope of hinge is a convention
        torch.testing.assert_close(torch.tensor(frame[f"slope_{name}"].tolist(), dtype=DOUBLE)[at], slopes[name][at])
    assert (slopes["hinge"][z > 1] == 0).all()
    assert (slopes["hinge"][z < 1] != 0).all()
    _, said = logit_pair((2.0, 1.0, -1.0), 1, TEXT).sentences
    influences = [f"{abs(slopes[name][end].item()):.3g}" for end in (0, -1) for name in ("bce", "hinge")]
    assert [part for part in said.replace(";", "").split() if part in influences] == [p for p in influences if p != "0"]


@pytest.mark.parametrize("seed", range(20))
def test_cross_entropy_is_minus_the_log_of_the_right_share_and_its_slopes_add_up_to_zero(seed):
    generator = torch.Generator().manual_seed(seed)
    z = (torch.rand(3, generator=generator, dtype=DOUBLE) * 20 - 10).requires_grad_()
    right = 1 + seed % 3
    frame = loss_frames.cross_entropy(z.tolist(), right)
    loss = nn.CrossEntropyLoss()(z.unsqueeze(0), torch.tensor([right - 1]))
    loss.backward()
    assert frame["softmax"].sum() == pytest.approx(1)
    assert -math.log(frame["softmax"][right - 1]) == pytest.approx(loss.item(), abs=1e-9)
    assert frame["slope"].tolist() == pytest.approx(z.grad.tolist(), abs=1e-12)
    assert frame["slope"].sum() == pytest.approx(0, abs=1e-12)
    page = Objective(**dict(zip(("logit1", "logit2", "logit3"), z.tolist(), strict=True)), right=right)
    said = entropy_sentence(page, TEXT)
    share = z.softmax(0)[right - 1].item()
    assert f"probability of {share:.0%}" in said or not 0.01 <= share <= 0.99
    assert "of 0%" not in said
    assert "of 100%" not in said
    assert len(entropy_table(page, TEXT)) == 3


@pytest.mark.parametrize("seed", range(20))
def test_three_logits_cost_what_the_curve_of_two_classes_says_at_their_lead(seed):
    z = 6 * torch.randn(3, generator=torch.Generator().manual_seed(seed), dtype=DOUBLE)
    right = 1 + seed % 3
    three = z.clone().requires_grad_()
    loss = nn.functional.cross_entropy(three, torch.tensor(right - 1))
    loss.backward()
    two = torch.tensor(loss_frames.lead(z.tolist(), right), dtype=DOUBLE, requires_grad=True)
    other = nn.functional.binary_cross_entropy_with_logits(two, torch.ones_like(two))
    other.backward()
    assert (other.item(), two.grad.item()) == pytest.approx((loss.item(), three.grad[right - 1].item()), abs=1e-9)
    pair = logit_pair(z.tolist(), right, TEXT)
    assert f"The lead of logit {right} is {sig(two.item())}," in pair.sentences[0]
    for chart, value in zip(pair.charts, (loss.item(), two.grad.item()), strict=True):
        (dot,) = [one for one in chart.spec["layer"] if one.get("mark", {}).get("size") == 110]
        (row,) = chart.spec["datasets"][dot["data"]["name"]]
        edges = abs(two.item()) > loss_frames.LOGITS
        assert edges or (row["x"], row["y"]) == pytest.approx((two.item(), value))


def test_the_slope_of_cross_entropy_is_never_more_than_one():
    page = Objective(**{f"logit{i + 1}": classes_spec.TRIES["wrong"][f"z.{i + 1}"] for i in range(3)})
    found = loss_frames.cross_entropy(page.logits, page.right)
    assert found["softmax"].idxmax() == 1  # the second
    assert -found.loc[0, "log_softmax"] > 5
    rng = torch.Generator().manual_seed(0)
    for logits in [page.logits, *(20 * torch.randn(50, 3, generator=rng)).tolist()]:
        z = torch.tensor(logits, dtype=DOUBLE, requires_grad=True)
        nn.functional.cross_entropy(z, torch.tensor(0)).backward()
        assert z.grad.abs().max() <= 1


def test_equal_logits_share_alike():
    even = classes_spec.TRIES["even"]
    found = loss_frames.cross_entropy(tuple(even[f"z.{i}"] for i in (1, 2, 3)), even["class"])
    assert found["softmax"].tolist() == pytest.approx([1 / 3] * 3)
    assert -found.loc[0, "log_softmax"] == pytest.approx(math.log(3))
    assert f"{math.log(3):.2g}" == "1.1"
    assert found["slope"].tolist() == pytest.approx([-2 / 3, 1 / 3, 1 / 3])
