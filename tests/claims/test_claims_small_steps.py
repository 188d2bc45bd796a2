"""What the page Small steps says of the gradient, of steps and of samples, against plain PyTorch over seeds."""

import math
import re
from dataclasses import replace

import pytest
import torch
from torch import nn

from core.analysis.gradient_noise import draw_batches, gradient_noise
from core.catalogue.data_sets import ONE_INPUT
from core.charts.style import rate_styles
from core.engine.descent import COUNTS, Walks, walks
from core.engine.history import History, Kind
from core.engine.start import draw
from core.engine.training import build_network, train
from core.spec.experiment import LADDER, Experiment
from core.text import Text
from core.text.numbers import sig
from pages.small_steps.batches import figure as batches
from pages.small_steps.frames import sample_frame, soonest_rate
from pages.small_steps.giant import figure as giant
from pages.small_steps.noise import figure as noise
from pages.small_steps.sign import compute as sign_compute
from pages.small_steps.sign import figure as sign
from pages.small_steps.spec import BATCHES, SmallSteps

TEXT = Text("en")
SPEC = SmallSteps()
SEEDS = 5


def of_seed(seed: int, **changes) -> Experiment:
    return replace(replace(SPEC, **changes).network, first_seed=seed)


def plain(seed: int, e: Experiment) -> tuple[torch.Tensor, torch.Tensor, nn.Sequential]:
    """The points and the network of a seed as a reader would draw them; batches come next from torch's own state."""
    torch.manual_seed(seed)
    x = torch.linspace(-1, 1, e.points).unsqueeze(1)
    y = draw(replace(e, first_seed=seed)).y[:, :1]
    torch.randn(e.points)
    return x, y, build_network(e)


def numbers(said: str) -> list[float]:
    """The numbers of a sentence, those with powers of ten too."""
    superscripts = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    found = re.findall(r"(\d[\d,]*(?:\.\d+)?)(?:×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?|(∞)", said)
    return [
        math.inf if inf else float(n.replace(",", "")) * 10.0 ** int(power.translate(superscripts) or 0)
        for n, power, inf in found
    ]


def descent(seed: int, rate: float, steps: int, **changes) -> list[float]:
    """The losses of full-batch SGD at this rate; below zero it adds the gradient."""
    e = of_seed(seed, **changes)
    x, y, net = plain(seed, e)
    losses = []
    for _ in range(steps + 1):
        loss = nn.functional.mse_loss(net(x), y)
        losses.append(loss.item())
        net.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in net.parameters():
                p -= rate * p.grad
    return losses


# The gradient and its sign


def test_the_gradient_says_which_way_the_loss_rises():
    for data in ONE_INPUT:
        for seed in range(SEEDS):
            losses = descent(seed, -1e-4, 1, data=data), descent(seed, 1e-4, 1, data=data)
            assert losses[0][1] > losses[0][0] == losses[1][0] > losses[1][1]


def test_the_gradient_knows_only_the_ground_under_your_feet():
    for seed in range(SEEDS):
        losses = descent(seed, SPEC.walk_rate * 384, 1)
        assert losses[1] > 10 * losses[0]  # straight on, and far above the start


def test_an_epoch_sees_every_point_once_and_a_seed_fixes_the_lot():
    for size in (8, 32):
        assert sum(SPEC.batched(size).batch_sizes) == SPEC.network.points
    a, b, c = (train(replace(SPEC.batched(32), first_seed=s, epochs=1)) for s in (3, 3, 4))
    assert torch.equal(a.loss, b.loss)
    assert not torch.equal(a.loss, c.loss)


@pytest.mark.parametrize("rate", [0.0003, 0.001, 0.01])
def test_both_signs_end_where_plain_descent_ends(rate):
    for seed in range(SEEDS):
        down, up = descent(seed, rate, 100), descent(seed, -rate, 100)
        said = sign.build_signs(of_seed(seed), sign_compute.both_signs(of_seed(seed), rate), "add", TEXT).sentences
        assert numbers(said[0])[:2] == pytest.approx([down[0], down[-1]], rel=0.01)
        tenfold = next((step for step, loss in enumerate(up) if not loss < 10 * up[0]), None)
        if tenfold is None:
            assert numbers(said[1]) == pytest.approx([up[-1]], rel=0.01)
        else:
            assert said[1] == TEXT("small_steps.sign.tenfold", step=tenfold)


def test_uphill_gets_faster_and_downhill_slows_down():
    for seed in range(8):
        for rate in (0.0003, 0.001):
            down, up = (torch.tensor(descent(seed, side * rate, 100), dtype=torch.float64).diff() for side in (1, -1))
            assert (down < 0).all()
            assert (up > 0).all()
            assert up[-10:].mean() > up[:10].mean()
            assert down[-10:].mean() > down[:10].mean()


# One way, walked in few steps or in many


@pytest.fixture(scope="module")
def walked() -> dict[float, list[Walks]]:
    return {rate: [walks(of_seed(seed), rate) for seed in range(8)] for rate in (0.01, 0.1, 0.3)}


def test_the_way_is_the_same_for_everyone(walked):
    for found in walked[SPEC.walk_rate]:
        said = " ".join(giant._giant_sentences(found, TEXT))
        ways = [float(r) * n for n, r in zip(COUNTS, re.findall(r"at rate ([\d.]+)", said), strict=True)]
        assert ways == pytest.approx([38.4] * 4, rel=0.01)
        assert f"learning rate × steps is {sig(38.4)} for all" in said


def test_everyone_ends_where_plain_descent_ends():
    for seed in range(SEEDS):
        e = of_seed(seed)
        found = walks(e, 0.01)
        ends = [descent(seed, 0.01 * 384 / count, count)[-1] for count in COUNTS]
        said = giant._giant_sentences(found, TEXT)[1]
        told = [numbers(part)[0] for part in re.findall(r"at rate [\d.]+: (\S+?)[,.]?(?: |$)", said)]
        assert told == pytest.approx(ends, rel=0.02)


def test_who_diverged_on_the_way_is_said_to_have_and_read_out_as_nothing(walked):
    kinds = set()
    for found in walked[0.1][:SEEDS]:
        shown = giant.build_giant(of_seed(0), found, TEXT)
        parts = re.findall(r"\d+ steps? at rate [^,;]*", shown.sentences[1])
        for part, series, losses in zip(parts, shown.series, found.loss.T, strict=True):
            lost = not bool((losses <= 1e6 * losses[0]).all())
            assert ("diverged" in part) == lost == (not math.isfinite(series.values[-1] or math.nan))
            kinds.add(lost)
    assert kinds == {True, False}


def test_everyone_walks_straight_ahead_until_the_next_look(walked):
    from core.engine.descent import KEPT

    for found in walked[SPEC.walk_rate][:SEEDS]:
        for column, count in enumerate(COUNTS[:3]):
            share = 384 / count  # smallest steps between two looks
            within = [i for i, k in enumerate(KEPT) if k <= share]
            places = torch.tensor([KEPT[i] for i in within], dtype=torch.float32)
            line = found.parameters[within, :, column]
            begin = line[0]
            straight = begin + places.unsqueeze(1) / places[-1] * (line[-1] - begin)
            torch.testing.assert_close(line, straight, rtol=1e-3, atol=1e-3 * float(line.abs().max()))


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.3])
def test_a_dot_stands_where_the_gradient_is_looked_at(walked, rate):
    found = walked[rate][0]
    spec = giant.build_giant(of_seed(0), found, TEXT).charts[0].spec
    dots = next(rows for rows in spec["datasets"].values() if set(rows[0]) == {"step", "value", "colour"})
    low, high = spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    for style, count in zip(rate_styles(4), COUNTS, strict=True):
        looks = descent(0, rate * 384 / count, count)[:count]
        expected = [(384 * i / count, loss) for i, loss in enumerate(looks) if low <= loss <= high]
        seen = [(row["step"], row["value"]) for row in dots if row["colour"] == style.colour]
        assert [step for step, _ in seen] == pytest.approx([step for step, _ in expected])
        assert [loss for _, loss in seen] == pytest.approx([loss for _, loss in expected], rel=0.02)


def test_all_leave_in_the_same_direction_and_it_leads_down_at_first(walked):
    for seed, found in enumerate(walked[SPEC.walk_rate]):
        torch.testing.assert_close(found.loss[1], found.loss[1, 0].expand(4), rtol=1e-3, atol=0)
        start, little = descent(seed, 1e-4, 1)
        assert little < start
        for one in (found, walked[0.01][seed]):
            assert (one.loss[1] < one.loss[0]).all()


def test_on_a_tenth_of_the_way_a_hundred_steps_follow_the_smallest_ones(walked):
    for found in walked[0.01]:
        one, ten, hundred, smallest = found.loss.double().T
        off = (hundred / smallest - 1).abs().max()
        assert off < 0.2
        assert (ten / smallest - 1).abs().max() > 5 * off
        assert one[-1] > one[0]


def test_on_three_times_the_way_only_the_smallest_steps_arrive(walked):
    for found in walked[0.3]:
        ends = found.loss[-1].nan_to_num(math.inf)
        assert (ends[:3] > 100 * found.loss[0, 0]).all()
        assert ends[3] < 0.015


# Batches


@pytest.fixture(scope="module")
def histories() -> list[dict[int | None, History]]:
    return [{size: train(shorter(SPEC, size, seed)) for size in BATCHES} for seed in range(SEEDS)]


def shorter(spec: SmallSteps, size: int | None, seed: int, epochs: int = 3) -> Experiment:
    """The training with batches of this size, of single samples for a few epochs only."""
    e = replace(spec.batched(size), first_seed=seed)
    return replace(e, epochs=epochs) if size == 1 else e


def test_steps_and_samples_to_the_target_are_those_of_a_plain_loop(histories):
    for seed, found in enumerate(histories):
        said = batches.build_batches(found, TEXT).sentences[0]
        for size in BATCHES:
            e = SPEC.batched(size)
            x, y, net = plain(seed, e)
            sgd = torch.optim.SGD(net.parameters(), lr=e.learning_rates[0])
            step = samples = 0
            every = found[size].eval_every
            while not (step % every == 0 and nn.functional.mse_loss(net(x), y) < e.target):
                if step % len(e.batch_sizes) == 0:
                    waiting = list(torch.randperm(e.points).split(size or e.points))
                batch = waiting.pop(0)
                sgd.zero_grad()
                nn.functional.mse_loss(net(x[batch]), y[batch]).backward()
                sgd.step()
                step, samples = step + 1, samples + len(batch)
            name = batches.named(size, TEXT)
            kind = "reached" if found[size].exact(step) else "reached_by"
            assert TEXT(f"small_steps.batches.{kind}", name=name, steps=f"{step:,}", samples=f"{samples:,}") in said
        assert said.startswith("To get below 0.02 on all points, all at rate 0.1: ")
        frame = sample_frame({str(size): h for size, h in found.items()})
        for row in frame.to_dict("records"):
            size = None if row["name"] == "None" else int(row["name"])
            sizes = found[size].experiment.batch_sizes * found[size].experiment.epochs
            assert row["samples"] == sum(sizes[: row["step"]])


def test_between_measurements_a_loss_may_dip_below_sooner(histories):
    """It never is below later than is said, and it may have been by more than the steps between two measurements."""
    late = []
    for seed, found in enumerate(histories):
        e, every = SPEC.batched(1), found[1].eval_every
        x, y, net = plain(seed, e)
        sgd = torch.optim.SGD(net.parameters(), lr=e.learning_rates[0])
        waiting, step = list(torch.randperm(e.points)), 0
        while nn.functional.mse_loss(net(x), y) >= e.target:
            sgd.zero_grad()
            nn.functional.mse_loss(net(x[waiting[step]]), y[waiting[step]]).backward()
            sgd.step()
            step += 1
        shown = batches.build_batches(found, TEXT)
        said = re.search(r"batch 1 takes at most (\d+) steps", shown.sentences[0])
        late.append((int(said[1]) if said else step) - step)
        assert any(f"every {every} steps" in note for note in shown.notes)
    assert min(late) >= 0
    assert max(late) >= every > 1


def test_who_misses_the_target_never_was_below_it():
    for seed in range(SEEDS):
        spec = replace(SPEC, batch_rate=0.001, width=3, noise=0.2)
        found = {size: train(shorter(spec, size, seed, 1)) for size in BATCHES}
        said = batches.build_batches(found, TEXT).sentences[0]
        for size, history in found.items():
            lowest = float(history.full_loss.min())
            missed = TEXT(
                "small_steps.batches.missed", name=batches.named(size, TEXT), steps=f"{history.experiment.steps:,}"
            )
            assert (missed in said) == (lowest >= history.experiment.target)


def test_each_batch_size_has_the_rate_that_gets_there_soonest_on_other_seeds():
    spec = replace(SPEC, rates="best")
    for size in BATCHES:
        asked = spec.choosing(size)
        assert {run.seed for run in asked.runs} == set(range(1000, 1008))
        history = train(asked)
        medians = {}
        for rate in LADDER:
            columns = [c for c, run in enumerate(asked.runs) if run.learning_rate == rate]
            below = history.full_loss[:, columns] < asked.target
            steps = [
                history.full_steps[int(b.int().argmax())] if b.any() and o.diverged is None else math.inf
                for b, o in zip(below.T, (history.outcomes[c] for c in columns), strict=True)
            ]
            medians[rate] = sorted(steps)[3]
        chosen = soonest_rate(history)
        assert medians[chosen] == min(medians.values()) < math.inf
        short = replace(asked, first_seed=0, seeds=SEEDS)  # on the seeds that are shown
        drawn, slower = (train(replace(short, learning_rates=(rate,))) for rate in (chosen, chosen / 30))
        for fast, slow in zip(drawn.outcomes, slower.outcomes, strict=True):
            assert (fast.reached or math.inf) <= (math.inf if slow.reached is None else slow.reached)
    note = batches.chosen_note(spec, TEXT)
    assert note == TEXT("small_steps.batches.chosen", first=1000, last=1007, target="0.02", seed=0)
    assert batches.chosen_note(SPEC, TEXT) == ""


# How noisy gradients are


def gradient(e: Experiment, parameters: torch.Tensor, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    net = build_network(e).double()
    torch.nn.utils.vector_to_parameters(parameters.double(), net.parameters())
    nn.functional.mse_loss(net(x)[:, 0], y).backward()
    return torch.cat([p.grad.flatten() for p in net.parameters()])


def test_mini_batches_guess_the_gradient_of_all_points(histories):
    for found in histories:
        e, start = found[32].experiment, draw(found[32].experiment)
        x, y = start.x.double(), start.y[:, 0].double()
        parameters = found[32].snapshots[5, :, 0]
        full = gradient(e, parameters, x, y)
        for size in (8, 40):
            parts = torch.randperm(e.points, generator=torch.Generator().manual_seed(0)).split(size)
            guesses = torch.stack([gradient(e, parameters, x[p], y[p]) for p in parts[: len(parts)]])
            torch.testing.assert_close(guesses.mean(0), full)  # right on average, each off on its own
            assert (guesses - full).norm(dim=1).min() > 0.01 * full.norm()


def test_angles_and_noise_are_those_of_plain_gradients(histories):
    for found in histories[:3]:
        e, start = found[32].experiment, draw(found[32].experiment)
        x, y = start.x.double(), start.y[:, 0].double()
        said = noise.build_noise(e.steps, gradient_noise(found[32]), TEXT).sentences
        for sentence, parameters in zip(said, (found[32].snapshots[0], found[32].snapshots[-1]), strict=True):
            full = gradient(e, parameters[:, 0], x, y)
            angles, uphill, noises = [], [], []
            for rows in draw_batches(e.points, (1, 8, 32), 200):
                guesses = torch.stack([gradient(e, parameters[:, 0], x[d], y[d]) for d in rows.T])
                cosine = guesses @ full / (guesses.norm(dim=1) * full.norm())
                angles.append(float(torch.rad2deg(cosine.clamp(-1, 1).arccos()).quantile(0.5)))
                uphill.append(float((cosine < 0).double().mean()))
                noises.append(float((guesses - full).square().sum(1).mean().sqrt() / full.norm()))
            told = re.findall(r"median angle (.*?); uphill (.*?); noise (.*?) times", sentence)[0]
            assert numbers(told[0]) == pytest.approx(angles, rel=0.06)  # two digits
            assert [n / 100 for n in numbers(told[1])] == pytest.approx(uphill, abs=0.011)
            assert numbers(told[2]) == pytest.approx(noises, rel=0.06)


def test_the_same_batches_are_drawn_every_time(histories):
    one, two = gradient_noise(histories[0][32]), gradient_noise(histories[0][32])
    assert torch.equal(one.angle.nan_to_num(), two.angle.nan_to_num())
    assert one.angle.shape[2] == 200


def test_beyond_ninety_degrees_the_loss_of_all_points_rises(histories):
    for found in histories:
        e, start = found[32].experiment, draw(found[32].experiment)
        x, y = start.x.double(), start.y[:, 0].double()
        at = found[32].snapshots[-1, :, 0].double()
        full = gradient(e, at, x, y)
        net = build_network(e).double()

        def loss(parameters: torch.Tensor, net=net, x=x, y=y) -> float:
            torch.nn.utils.vector_to_parameters(parameters, net.parameters())
            return nn.functional.mse_loss(net(x)[:, 0], y).item()

        for point in range(0, 1000, 40):
            one = gradient(e, at, x[point : point + 1], y[point : point + 1])
            cosine = float(one @ full / (one.norm() * full.norm()))
            if abs(cosine) > 0.05:
                assert (loss(at - 1e-6 * one / one.norm()) > loss(at)) == (cosine < 0)


@pytest.mark.parametrize(
    "changes",
    [{}, {"data": "sine"}, {"data": "bump", "activation": "tanh"}, {"noise": 0.0}, {"noise": 0.5}, {"width": 50}],
    ids=str,
)
def test_the_steeper_the_slope_the_more_batches_see_it_and_where_it_is_level_mostly_chance(changes):
    for seed in range(SEEDS):
        history = train(replace(replace(SPEC, **changes).batched(32), first_seed=seed))
        e, start, found = history.experiment, draw(history.experiment), gradient_noise(history)
        x, y = start.x.double(), start.y[:, 0].double()
        lengths = torch.tensor([float(gradient(e, p[:, 0], x, y).norm()) for p in history.snapshots])
        uphill = (found.angle[:, 1:] > 90).double().mean((1, 2))  # of batches of 8 and of 32
        steepest, level = lengths >= lengths.quantile(0.9), lengths <= lengths.quantile(0.2)
        assert uphill[steepest].mean() < 0.5 * uphill[level].mean()
        assert found.noise[level].median(0).values.min() > 0.7  # what is chance is as large as what is true
        rank = torch.stack([lengths.argsort().argsort(), found.noise[:, 2].argsort().argsort()]).double()
        assert torch.corrcoef(rank)[0, 1] < -0.6


def test_small_batches_hover(histories):
    for found in histories:
        climbs = {size: float(h.full_loss[-100:, 0].diff().clamp(min=0).mean()) for size, h in found.items()}
        assert climbs[1] > climbs[8] > climbs[32] > 100 * climbs[None]


def test_a_training_that_diverged_has_no_gradient_left():
    for seed in range(SEEDS):
        history = train(replace(replace(SPEC, batch_rate=100.0).batched(32), first_seed=seed))
        assert history.outcomes[0].kind is Kind.DIVERGED
        said = noise.build_noise(384, gradient_noise(history), TEXT).sentences
        assert not history.snapshots[-1].isfinite().all()
        assert said[-1] == TEXT("small_steps.noise.lost")
        calm = train(replace(SPEC.batched(32), first_seed=seed))
        assert noise.build_noise(384, gradient_noise(calm), TEXT).sentences[-1] != TEXT("small_steps.noise.lost")
