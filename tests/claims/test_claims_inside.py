"""What is said of the inside of a step: against torch.optim, plain sums, and over seeds."""

import itertools
import re
from dataclasses import replace

import pytest
import torch

from core.catalogue.optimizers import METHODS
from core.engine.asking import AtOnce
from core.export.worked_step import worked_step
from core.spec.experiment import Loss, Optimizer
from core.text import Text
from pages.optimizers.inside import SCENE
from pages.optimizers.inside.compute import Looked, compute
from pages.optimizers.inside.spec import Inside
from tests.claims.plain import run
from tests.drawn import drawn

ENGLISH = Text("en")
ALL = tuple(map(Optimizer, METHODS))
SEEDS = range(4)


def looked(cell: str = "w2.7", **changes) -> Looked:
    experiment = replace(SCENE.defaults[0], **changes)
    return compute((experiment, SCENE.defaults[1], Inside(cell)), AtOnce())


def tried(name: str, seed: int, **more) -> Looked:
    flat = SCENE.form.flatten(SCENE.defaults) | SCENE.tries[name] | {"first_seed": seed} | more
    return compute(SCENE.form.admit(flat), AtOnce())


def test_every_step_inside_is_that_of_torch():
    for seed, cell in itertools.product(SEEDS, ("w1.1.1", "b1.11", "w2.7", "b2")):
        found = looked(cell, optimizers=ALL, first_seed=seed)
        for column, step in itertools.product(range(len(ALL)), (1, 2, 10, 200, 384)):
            given, theirs = found.numbers(column, step), found.by_torch(column, step)
            assert given.new_parameter == pytest.approx(theirs.parameter, rel=1e-5, abs=1e-6)
            for name, here, there in zip(
                METHODS[found.names[column]].moments,
                (given.new_first, given.new_second),
                (theirs.first, theirs.second),
                strict=True,
            ):
                assert (name is None) == (there is None)
                assert there is None or here == pytest.approx(there, rel=1e-5, abs=1e-12)
            lines = worked_step(found.row(column), given)
            value, power = re.findall(r"= ([-\d.]+)(?:\\!\\cdot\\!10\^\{(-?\d+)\})?(?= |\\)", lines)[-1]
            assert float(value) * 10 ** int(power or 0) == pytest.approx(given.new_parameter, rel=1e-3, abs=1e-9)


def test_the_drawing_is_of_the_first_optimizers_coefficients():
    spec = replace(SCENE.defaults[0], optimizers=ALL[3:5])
    shown = drawn(SCENE, spec, SCENE.defaults[1], Inside("b2"), text=ENGLISH)
    plain = run(replace(spec, optimizers=ALL[3:4], epochs=1), keep=True)
    _, first, *_ = shown.charts[0].spec["data"]["values"].splitlines()
    cells = first.split(",")[2].split(" ")
    weights = torch.cat([p.flatten() for p in plain.nets[0].parameters()]).tolist()
    assert [float(c) for c in cells] == pytest.approx(weights, rel=1e-3)
    assert ALL[3].name in shown.charts[0].title


def test_the_lines_are_what_was_recorded():
    for seed in SEEDS:
        found = looked("w2.7", first_seed=seed, optimizers=(Optimizer("Adam"),), epochs=2)
        frame = found.frame()
        plain = run(found.history.experiment, seed, keep=True)
        theirs = [net[2].weight[0, 6].item() for net in plain.nets]
        ours = frame["p_0"].tolist()
        assert ours[: len(theirs)] == pytest.approx(theirs[: len(ours)], rel=1e-3, abs=1e-5)
        assert frame["u_0"].tolist()[1:] == pytest.approx(frame["p_0"].diff().tolist()[1:], rel=1e-4, abs=1e-8)
        share = 1 - 0.99 ** torch.arange(1, len(frame), dtype=torch.float64)
        roots = (found.recorded.second[1:, 0].double() / share).sqrt()
        assert frame["r_0"].tolist()[1:] == pytest.approx(roots.tolist(), rel=1e-5)
        assert frame["g_0"].tolist()[1:] == pytest.approx(found.recorded.gradient[:, 0].tolist())
        start, end = found.recorded.parameter[[0, -1], 0].tolist()
        said = SCENE.figure(found, (found.history.experiment, *SCENE.defaults[1:]), ENGLISH).sentences[0]
        if found.still(0):
            continue
        told = re.fullmatch(r"\*\*Adam\*\* takes W₂\[1, 7\] from (\S+) to (\S+)\.", said).groups()
        assert [float(v.replace("−", "-")) for v in told] == pytest.approx([start, end], rel=0.01)


def test_m_and_v_are_fading_sums():
    for seed in SEEDS:
        found = looked(first_seed=seed, optimizers=(Optimizer("Momentum"), Optimizer("RMSprop"), Optimizer("Adam")))
        g = found.recorded.gradient.double()
        for t in (1, 5, 50):
            age = torch.arange(t - 1, -1, -1, dtype=torch.float64)
            m = (0.8**age * g[:t, 0]).sum(), 0, (0.1 * 0.9**age * g[:t, 2]).sum()
            v = 0, (0.1 * 0.9**age * g[:t, 1] ** 2).sum(), (0.01 * 0.99**age * g[:t, 2] ** 2).sum()
            for i in (0, 2):
                assert found.recorded.first[t, i].item() == pytest.approx(float(m[i]), rel=1e-3, abs=1e-7)
            for i in (1, 2):
                assert found.recorded.second[t, i].item() == pytest.approx(float(v[i]), rel=1e-3, abs=1e-9)


def test_a_coefficient_that_stays_has_no_slope():
    found = looked("w1.2.1", optimizers=ALL[:3])  # its unit is off
    assert (found.recorded.gradient == 0).all()
    said = SCENE.figure(found, (found.history.experiment, *SCENE.defaults[1:]), ENGLISH).sentences
    assert [s for s in said if "never moves W₁[2, 1]" in s] == list(said)
    x, p = found.history.x, found.history.snapshots[:, :, 0]
    assert (x * p[:, 1] + p[:, 21] <= 0).all()
    assert "-0 " not in worked_step(found.row(1), found.numbers(1, 3)) + " "
    assert not looked("b2").still(0)


def test_a_step_of_one_coefficient_knows_no_other():
    """torch.optim, given one coefficient alone, moves it as the training of all of them did."""
    found = looked("b2", optimizers=ALL)
    for column in range(len(ALL)):
        moved = found.recorded.parameter[100, column].item()
        assert found.by_torch(column, 100).parameter == pytest.approx(moved, rel=1e-5)


def test_the_first_step_is_as_long_as_is_said():
    for seed in range(8):
        found = tried("bias", seed)
        lengths = {
            name: abs(float(found.recorded.parameter[1, i] - found.recorded.parameter[0, i]) / 0.01)
            for i, name in enumerate(found.names)
        }
        if abs(float(found.recorded.gradient[0, 0])) > 1e-5:
            assert found.uncorrected(found.names.index("Adam"))["without"][0] == pytest.approx(10**0.5, rel=0.01)
            assert lengths["RMSprop"] == pytest.approx(10**0.5, rel=0.01)
            assert lengths["Adam"] == pytest.approx(1.0, rel=0.01)
            square = found.recorded.gradient[0, 0].item() ** 2
            held = found.recorded.second[1, found.names.index("RMSprop")].item()
            assert held == pytest.approx(0.1 * square, rel=1e-3)


def test_the_betas_decide_what_bias_correction_does():
    for seed, (b1, b2) in itertools.product(SEEDS, ((0.9, 0.99), (0.9, 0.999), (0.9, 0.9), (0.0, 0.9))):
        found = looked("b2", first_seed=seed, optimizers=(Optimizer("Adam", betas=(b1, b2)),))
        times = found.uncorrected(0)["times"].tolist()
        expected = [(1 - b1**t) / (1 - b2**t) ** 0.5 for t in range(1, 11)]
        assert times == pytest.approx(expected, rel=1e-3)
        assert (min(times) >= 0.999) == (b2 > 0.9 or b1 == 0)
        assert (max(times) < 1) == (b1 == b2 == 0.9)
        # against torch: a step whose bias is corrected is that of the table
        moved = (found.recorded.parameter.diff(dim=0)[:10, 0].abs() / 0.01).tolist()
        assert found.uncorrected(0)["with"].tolist() == pytest.approx(moved, rel=0.01)
        said = SCENE.figure(found, (found.history.experiment, *SCENE.defaults[1:]), ENGLISH).sentences[1]
        low, high = re.search(r"would be (\S+) to (\S+) times as long", said).groups()
        assert [float(low), float(high)] == pytest.approx([min(times), max(times)], rel=0.01)


@pytest.mark.parametrize("seed", SEEDS)
def test_noiseless_adam_spikes_and_a_longer_memory_ends_that(seed):
    short, long = tried("spikes", seed, cell="b2"), tried("longer", seed, cell="b2")
    assert short.rises(0) >= 3
    assert long.rises(0) < short.rises(0)
    for found in (short, long):
        e = found.history.experiment
        losses, count = found.history.loss[:, 0].tolist(), len(e.batch_sizes)
        epochs = [
            sum(x * n for x, n in zip(losses[k : k + count], e.batch_sizes, strict=True))
            for k in range(0, e.steps, count)
        ]
        rises = sum(b > 4 * a for a, b in itertools.pairwise(epochs))
        assert found.rises(0) == rises
        said = SCENE.figure(found, (e, *SCENE.defaults[1:]), ENGLISH).sentences[0]
        assert (f"In {rises} of 200 epochs its mean loss is over 4 times" in said) == (rises > 0)
    assert short.history.outcomes[0].end < 1e-3


def test_with_a_longer_memory_most_spikes_are_gone():
    counts = [[tried(name, seed).rises(0) for seed in range(10)] for name in ("spikes", "longer")]
    assert sum(counts[1]) < 0.25 * sum(counts[0])


def test_losses_below_zero_do_not_leap():
    found = looked(loss=Loss("own", expression="-exp(-r**2)"), optimizers=(Optimizer("Adam"),))
    assert found.rises(0) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_spike_follows_a_small_root(seed):
    roots = {name: tried(name, seed, cell="b2").recorded.second[:, 0].sqrt() for name in ("spikes", "longer")}
    shrunk = {name: float(root[700:].median() / root[20:100].median()) for name, root in roots.items()}
    assert shrunk["spikes"] < 0.35 < 0.5 < shrunk["longer"]
    found = tried("spikes", seed, cell="b2").recorded
    share = found.gradient[:, 0].abs() / found.second[:-1, 0].sqrt()  # of the root before each step
    assert float(share[200:].max()) > 3
    assert float(share[200:].median()) < 0.5


def test_the_step_that_is_written_out_after_spikes_is_a_long_one():
    found = tried("spikes", 0)
    moved = found.recorded.parameter[:, 0].diff().abs()
    assert moved[found.opens - 1] == moved[350:].max()
    assert moved[found.opens - 1] > 10 * moved[350:].median()
    before = found.recorded.second[found.opens - 1, 0].sqrt()
    assert abs(found.recorded.gradient[found.opens - 1, 0]) > 0.5 * before or moved[found.opens - 1] > 0.3 * 0.01
