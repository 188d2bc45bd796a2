"""train() against train_reference(), outcomes, and the promises a shared picture rests on."""

import dataclasses
import itertools

import pytest
import torch

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.losses import LOSSES
from core.catalogue.optimizers import METHODS
from core.engine.history import Kind, end_steps, outcomes
from core.engine.start import draw, draw_order
from core.engine.training import train, train_reference
from core.spec import sizes
from core.spec.experiment import Experiment, Loss, Optimizer
from core.spec.sizes import SNAPSHOTS, evaluation_steps
from tests.strategies import CUSTOMS

ALL = tuple(Optimizer(name) for name in METHODS)
DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
DOUBLE = torch.float64


def assert_equal_histories(ours, reference, tolerance):
    for name in ("loss", "full_loss", "snapshots", "constant_loss"):
        a, b = getattr(ours, name).double(), getattr(reference, name).double()
        torch.testing.assert_close(a, b, rtol=0, atol=tolerance)
    for column, run in enumerate(ours.runs):
        first, second = METHODS[run.optimizer.name].moments
        if first:
            a, b = ours.first_moment[:, column].double(), reference.first_moment[:, column].double()
            torch.testing.assert_close(a, b, rtol=0, atol=tolerance)
        if second:
            a, b = ours.second_moment[:, column].double(), reference.second_moment[:, column].double()
            torch.testing.assert_close(a, b, rtol=0, atol=tolerance)
    assert ours.full_steps == reference.full_steps
    assert ours.snapshot_steps == reference.snapshot_steps


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_whole_trajectories_agree_in_float64(activation, loss, device):
    e = Experiment(points=104, epochs=8, activation=activation, loss=Loss(loss), optimizers=ALL, seeds=2, width=12)
    assert_equal_histories(train(e, dtype=DOUBLE, device=device), train_reference(e), 1e-9)


@pytest.mark.parametrize("device", DEVICES)
def test_the_classic_experiment_agrees_in_float64(device):
    e = Experiment(optimizers=ALL)
    ours, reference = train(e, dtype=DOUBLE, device=device), train_reference(e)
    assert_equal_histories(ours, reference, 1e-9)
    assert ours.end.tolist() == pytest.approx(reference.end.tolist(), rel=1e-9)
    for a, b in zip(ours.outcomes, reference.outcomes, strict=True):
        assert dataclasses.replace(a, end=0) == dataclasses.replace(b, end=0)


def test_float32_stays_within_its_tolerance():
    """At the default rate 384 steps in float32 stay within 1e-4 of the plain loop in float32."""
    e = Experiment(optimizers=ALL)
    assert_equal_histories(train(e, device="cpu"), train_reference(e, dtype=torch.float32), 1e-4)


@pytest.mark.parametrize(
    "changes",
    [
        {"data": "saddle"},
        {"data": "ripple", "activation": "gelu"},
        {"data": "step", "noise": 0.0},
        {"outlier_share": 0.1, "outlier_size": 2.0, "loss": Loss("huber", delta=0.3)},
        {"batch_size": None},
        {"batch_size": 1, "points": 20},
        {"batch_size": 100},
        {"width": 1},
        {"width": 128, "activation": "tanh"},
        {"learning_rates": (0.001, 0.01)},
        {"optimizers": (Optimizer("SGD", lr=0.1), Optimizer("Adam")), "learning_rates": (0.001, 0.01)},
    ],
    ids=str,
)
def test_every_part_of_an_experiment_agrees(changes):
    e = dataclasses.replace(Experiment(points=100, epochs=3, optimizers=ALL, seeds=2), **changes)
    assert_equal_histories(train(e, dtype=DOUBLE, device="cpu"), train_reference(e), 1e-9)


@pytest.mark.parametrize("custom", CUSTOMS, ids=str)
def test_the_readers_own_rule_agrees_alone_and_beside_others(custom):
    for optimizers in ((custom,), (Optimizer("SGD"), custom, Optimizer("Nesterov"), Optimizer("AdamW"))):
        e = Experiment(points=100, epochs=3, optimizers=optimizers, seeds=2)
        assert_equal_histories(train(e, dtype=DOUBLE, device="cpu"), train_reference(e), 1e-9)


def test_chunks_do_not_change_the_result(monkeypatch):
    e = Experiment(points=100, epochs=3, optimizers=ALL, seeds=3)
    whole = train(e, dtype=DOUBLE, device="cpu")
    monkeypatch.setattr("core.spec.sizes.CHUNK", sizes.CHUNK // 60)
    torch.testing.assert_close(train(e, dtype=DOUBLE, device="cpu").loss, whole.loss, rtol=0, atol=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_run_that_overflows_leaves_the_others_bit_for_bit(activation):
    def losses(rate):
        adam = Optimizer("Adam", lr=0.01)
        e = Experiment(
            activation=activation,
            optimizers=(Optimizer("SGD", lr=rate), Optimizer("Momentum", lr=0.01), adam),
            seeds=3,
        )
        return train(e, device="cpu")

    calm, wild = losses(0.01), losses(100.0)
    assert all(o.kind is Kind.DIVERGED for o in wild.outcomes[:3])
    assert torch.equal(wild.loss[:, 3:], calm.loss[:, 3:])
    assert torch.equal(wild.snapshots[:, :, 3:], calm.snapshots[:, :, 3:])


def test_no_global_random_state_is_read_or_set():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = train(Experiment(epochs=1))
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    assert torch.equal(train(Experiment(epochs=1)).loss, first.loss)


def test_one_seed_is_torch_manual_seed_and_the_plain_code():
    """What a short script draws after torch.manual_seed(seed), in its order."""
    start = draw(Experiment(seeds=3))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(2)
        x = torch.linspace(-1, 1, 1000).unsqueeze(1)
        y = x[:, 0] ** 2 + 0.1 * torch.randn(1000)
        net = torch.nn.Sequential(torch.nn.Linear(1, 20), torch.nn.ReLU(), torch.nn.Linear(20, 1))
        orders = [torch.randperm(1000) for _ in range(2)]
    assert torch.equal(start.x, x)
    assert torch.equal(start.y[:, 2], y)
    assert torch.equal(start.parameters[:, 2], torch.nn.utils.parameters_to_vector(net.parameters()))
    assert all(torch.equal(draw_order(start)[:, 2], order) for order in orders)


def test_all_runs_of_a_seed_share_weights_and_batches():
    h = train(Experiment(learning_rates=(0.001, 0.1), seeds=2, epochs=1))
    for seed in range(2):
        columns = [i for i, run in enumerate(h.runs) if run.seed == seed]
        assert (h.loss[0, columns] == h.loss[0, columns[0]]).all()
        assert (h.snapshots[0][:, columns] == h.snapshots[0][:, columns[:1]]).all()


def test_history_has_the_promised_shapes():
    e = Experiment(learning_rates=(0.01, 0.1), seeds=3)
    h = train(e)
    assert h.loss.shape == (384, 24)
    assert len(h.runs) == len(h.outcomes) == 24
    assert h.full_steps == evaluation_steps(e)
    assert (h.full_steps[0], h.full_steps[-1]) == (0, 384)
    assert h.full_loss.shape == (len(h.full_steps), 24)
    assert h.snapshots.shape == (len(h.snapshot_steps), 61, 24)
    assert (h.snapshot_steps[0], h.snapshot_steps[-1]) == (0, 384)
    assert len(h.snapshot_steps) <= SNAPSHOTS + 8
    assert {*end_steps(384, 32)} <= {*h.snapshot_steps}
    assert [r.seed for r in h.runs[:4]] == [0, 1, 2, 0]
    assert {r.optimizer.name for r in h.runs} == {"SGD", "Momentum", "RMSprop", "Adam"}


def test_a_history_can_be_used_by_autograd():
    weights = train(Experiment(epochs=1)).parameters.requires_grad_()
    (weights**2).sum().backward()
    assert weights.grad is not None


def test_a_race_is_evaluated_at_every_step():
    assert evaluation_steps(Experiment()) == tuple(range(385))


def test_large_comparisons_are_evaluated_every_k_steps():
    e = Experiment(learning_rates=tuple(0.001 * i for i in range(1, 12)), seeds=8)
    steps = evaluation_steps(e)
    assert steps[0] == 0
    assert steps[-1] == e.steps
    assert steps[1] > 1


def test_progress_runs_to_one_and_may_stop_the_training():
    seen = []
    train(Experiment(epochs=4), on_progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(Experiment(), on_progress=stop)


def test_outcomes_in_their_order():
    inf, nan = float("inf"), float("nan")
    e = Experiment(points=8, batch_size=4, epochs=2, target=0.01, activation="relu")  # 2 steps an epoch
    full = torch.tensor(  # at steps 0, 2 and those of the end, 3 and 4
        [
            [1.0, 1.0, 1.0, 1.0, nan, 1.0, 1.0, 1.0],
            [0.5, 0.005, 1.5, 0.005, 0.005, 0.005, 0.9, 0.005],
            [0.4, 0.005, 0.9, 0.3, 0.005, inf, 0.8, 0.4],
            [0.2, 0.001, 0.8, 0.2, 0.001, 0.001, 0.8, 0.1],
        ],
        dtype=DOUBLE,
    )
    loss = torch.full((4, 8), 0.9, dtype=DOUBLE)
    loss[1, 2], loss[2, 3] = 2.0, 2e6
    got = outcomes(e, loss, full, (0, 2, 3, 4), torch.full((8,), 0.7, dtype=DOUBLE))
    lost = [Kind.DIVERGED] * 3
    assert [o.kind for o in got] == [Kind.ABOVE, Kind.BELOW, Kind.CONSTANT, *lost, Kind.CONSTANT, Kind.ABOVE]
    assert [o.collapsed for o in got] == [False, False, True, False, False, False, False, False]
    assert [o.reached for o in got] == [None, 2, None, None, None, 2, None, 2]
    assert [o.diverged for o in got] == [None, None, None, 2, 0, 3, None, None]
    assert [o.end for o in got] == pytest.approx([0.3, 0.003, 0.85, inf, inf, inf, 0.8, 0.25])


@pytest.mark.parametrize(("steps", "per_epoch"), [(384, 32), (12, 1), (10, 5), (64, 8), (900, 9), (100_000, 5000)])
def test_the_end_is_eight_evenly_spaced_steps_of_the_last_epoch(steps, per_epoch):
    found = end_steps(steps, per_epoch)
    assert len(found) == min(8, per_epoch)
    assert found[-1] == steps
    gaps = [b - a for a, b in itertools.pairwise([steps - per_epoch, *found])]
    assert max(gaps) - min(gaps) <= 1


def test_no_activation_has_not_collapsed():
    """A line can do no better than a constant on a symmetric parabola."""
    straight = train(Experiment(activation="identity", learning_rates=(0.3,), seeds=5))
    assert Kind.CONSTANT in {o.kind for o in straight.outcomes}
    assert not any(o.collapsed for o in straight.outcomes)


def test_a_run_that_only_crawled_has_not_collapsed():
    crawled = train(Experiment(learning_rates=(1e-6,), optimizers=(Optimizer("SGD"),), seeds=5)).outcomes
    assert not any(o.collapsed for o in crawled)


def test_a_loss_without_a_number_at_the_start_diverges_at_once_and_reaches_nothing():
    e = Experiment(loss=Loss("own", expression="log(r)"), seeds=5)
    for outcome in train(e).outcomes:
        assert (outcome.kind, outcome.diverged, outcome.reached) == (Kind.DIVERGED, 0, None)


def test_kind_and_end_are_the_same_alone_and_in_a_ladder():
    rates = (0.01, 0.3, 1.0, 3.0, 10.0)
    ladder = train(Experiment(learning_rates=rates, optimizers=ALL, seeds=3))
    for optimizer in ALL:
        for rate in (0.3, 3.0):
            alone = train(Experiment(learning_rates=(rate,), optimizers=(optimizer,), seeds=3))
            for run, outcome in zip(alone.runs, alone.outcomes, strict=True):
                other = ladder.outcomes[ladder.runs.index(run)]
                if (run.optimizer.name, rate) != ("RMSprop", 0.3):  # one of many: rounding decides
                    assert (outcome.kind, outcome.collapsed) == (other.kind, other.collapsed), run


def test_seeds_may_start_anywhere():
    some, later = train(Experiment(seeds=4, epochs=2)), train(Experiment(seeds=2, first_seed=2, epochs=2))
    for column, run in enumerate(later.runs):
        same = some.runs.index(run)
        torch.testing.assert_close(later.loss[:, column], some.loss[:, same])
    assert_equal_histories(
        train(Experiment(seeds=1, first_seed=1003, epochs=2), dtype=DOUBLE),
        train_reference(Experiment(seeds=1, first_seed=1003, epochs=2)),
        1e-9,
    )


def test_rates_that_fail_are_told_apart():
    e = Experiment(optimizers=(Optimizer("SGD"), Optimizer("Adam")), learning_rates=(0.0001, 0.1, 3.0))
    found = train(e).outcomes
    constant, below = Kind.CONSTANT, Kind.BELOW
    assert [o.kind for o in found] == [constant, below, Kind.DIVERGED, constant, below, constant]
    assert [o.collapsed for o in found] == [False, False, False, False, False, True]


@pytest.mark.parametrize("flushed", [False, True])
def test_the_callers_denormals_are_as_they_were(flushed):
    def flushes() -> bool:
        return float(torch.tensor([1e-39]) * 1) == 0

    def stop(share):
        raise KeyboardInterrupt

    try:
        torch.set_flush_denormal(flushed)
        train(Experiment(epochs=1))
        assert flushes() is flushed
        with pytest.raises(KeyboardInterrupt):
            train(Experiment(epochs=1), on_progress=stop)
        assert flushes() is flushed
    finally:
        torch.set_flush_denormal(False)


@pytest.mark.parametrize("rate", [5e-324, 1e-45, 1e-39, 1e-37])
def test_a_rate_too_small_for_float32_moves_nothing(rate):
    history = train(Experiment(epochs=1, optimizers=ALL, learning_rates=(rate,)), device="cpu")
    assert all(o.diverged is None for o in history.outcomes)
    moved = history.parameters - history.snapshots[0]
    assert float(moved.abs().max()) <= 1e-6
