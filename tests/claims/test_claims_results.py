"""What is said under a race or a sweep, against plain PyTorch and against counts by hand, over seeds."""

import math
from dataclasses import replace
from functools import cache
from statistics import fmean, median, stdev

import pytest
import torch
from torch import nn

from core.analysis.best_rates import best_rates, choosing, reported, sweep_of
from core.analysis.result_frames import events_frame, result_frame, sweep_frame
from core.analysis.rounding import parted, train_twin
from core.analysis.sentences import (
    cheap_constant,
    chosen_sentence,
    failure_sentences,
    lead_sentences,
    race_sentences,
    result_table,
    sweep_sentences,
)
from core.engine.history import History, Kind, end_steps, outcomes
from core.engine.training import train
from core.spec.experiment import LADDER, Experiment, Loss, Optimizer
from core.text import Text
from core.ui.parted import parted_sentences

TEXT = Text("en")
SEEDS = 8
MAKE = {
    "SGD": torch.optim.SGD,
    "Momentum": lambda p, lr: torch.optim.SGD(p, lr, momentum=0.8),
    "RMSprop": lambda p, lr: torch.optim.RMSprop(p, lr, alpha=0.9),
    "Adam": lambda p, lr: torch.optim.Adam(p, lr, betas=(0.9, 0.99)),
}
#: What the strips said wrongly of, and a few that they said rightly.
RUNS = (
    *(("RMSprop", rate) for rate in (0.01, 0.3, 3.0, 10.0)),
    *(("Adam", rate) for rate in (0.3, 1.0, 10.0)),
    *(("Momentum", rate) for rate in (0.001, 1.0, 10.0)),
    ("SGD", 0.1),
)


@cache
def sweep() -> History:
    return train(replace(sweep_of(Experiment(seeds=SEEDS)), learning_rates=LADDER))


@cache
def by_hand(name: str, rate: float, seed: int) -> tuple[str, bool, int | None, float]:
    """Train as a reader would and say what became of it: kind, collapsed, first step below 0.02, end."""
    torch.manual_seed(seed)
    x = torch.linspace(-1, 1, 1000).unsqueeze(1)
    y = x.square() + 0.1 * torch.randn(1000).unsqueeze(1)
    net = nn.Sequential(nn.Linear(1, 20), nn.ReLU(), nn.Linear(20, 1))
    optimizer = MAKE[name](net.parameters(), rate)

    def full() -> float:
        with torch.no_grad():
            return nn.functional.mse_loss(net(x), y).item()

    constant = y.var(correction=0).item()
    start = full()
    ends, epochs, reached, step = [], [], None, 0
    limit = 1e6 * max(start, constant)
    for _ in range(12):
        total = 0.0
        for batch in torch.randperm(1000).split(32):
            loss = nn.functional.mse_loss(net(x[batch]), y[batch])
            if not loss.item() <= limit:
                return "diverged", False, reached, math.inf
            total += loss.item() * len(batch) / 1000
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            now = full()
            if reached is None and now < 0.02:
                reached = step
            if step > 352 and step % 4 == 0:
                if not now <= limit:
                    return "diverged", False, reached, math.inf
                ends.append(now)
        epochs.append(total)
    end = fmean(ends)
    if end >= constant * (1 - 1e-6):
        return "constant", max(epochs) > start, reached, end
    return ("below" if end < 0.02 else "above"), False, reached, end


def lost_by_hand(seed: int) -> int:
    """Return after how many steps of SGD at rate 3 a mini-batch's loss is lost."""
    torch.manual_seed(seed)
    x = torch.linspace(-1, 1, 1000).unsqueeze(1)
    y = x.square() + 0.1 * torch.randn(1000).unsqueeze(1)
    net = nn.Sequential(nn.Linear(1, 20), nn.ReLU(), nn.Linear(20, 1))
    sgd = torch.optim.SGD(net.parameters(), 3.0)
    limit = 1e6 * max(nn.functional.mse_loss(net(x), y).item(), y.var(correction=0).item())
    for step, batch in enumerate(torch.randperm(1000).split(32)):
        loss = nn.functional.mse_loss(net(x[batch]), y[batch])
        if not loss.item() <= limit:
            return step
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    raise AssertionError("not within an epoch")


def by_hand_constant(seed: int) -> float:
    torch.manual_seed(seed)
    return float((torch.linspace(-1, 1, 1000).square() + 0.1 * torch.randn(1000)).var(correction=0))


def test_kinds_are_those_of_plain_torch():
    history = sweep()
    columns = {(run.optimizer.name, run.learning_rate, run.seed): i for i, run in enumerate(history.runs)}
    for name, rate in RUNS:
        for seed in range(5):
            outcome = history.outcomes[columns[name, rate, seed]]
            kind, collapsed, _, _ = by_hand(name, rate, seed)
            assert (outcome.kind.value, outcome.collapsed) == (kind, collapsed), (name, rate, seed)
    # and the words for them are those of most seeds
    wild = train(Experiment(learning_rates=(3.0,), seeds=5))
    said = failure_sentences(wild, events_frame(wild), TEXT)
    assert len(said) == len(events_frame(wild))
    for name, words in (("SGD", "have diverged"), ("Adam", "collapse")):
        kinds = [by_hand(name, 3.0, seed) for seed in range(5)]
        assert sum(k[0] == "diverged" if words == "have diverged" else k[1] for k in kinds) >= 3
        assert any(name in s and words in s for s in said)
    # by the step at which most have: at it a mini-batch costs more than a million times the start, or no number
    lost = sorted(lost_by_hand(seed) for seed in range(5))
    assert any(f"SGD have diverged by step {lost[2]}:" in s for s in said)
    costs = sorted(by_hand_constant(seed) for seed in range(5))
    assert any("Adam collapse" in s and f"costs {costs[2]:.3g}." in s for s in said)


def test_steps_to_the_target_count_every_seed():
    """The step of a median is that by which more than half are there, those that never were counted too."""
    for e in (Experiment(seeds=5), Experiment(seeds=5, learning_rates=(0.1,))):
        history = train(e)
        result = result_frame(history).set_index("name")
        said = race_sentences(history, result.reset_index(), TEXT)[0]
        for name in ("SGD", "RMSprop"):
            steps = [by_hand(name, e.learning_rates[0], seed)[2] for seed in range(5)]
            middle = sorted(math.inf if s is None else s for s in steps)[2]
            assert result.loc[name, "there"] == sum(s is not None for s in steps)
            # where it is measured at some steps only, it is said late; rounding may move a crossing by a step or two
            late = 0.0 if middle == math.inf else result.loc[name, "reached"] - middle
            assert -2 <= late < history.eval_every + 2
            assert (result.loc[name, "reached"] == math.inf) == (middle == math.inf)
            assert (f"step {result.loc[name, 'reached']:.0f} ({result.loc[name, 'there']} of 5" in said) == (
                middle < math.inf
            )
        missed = [name for name, row in result.iterrows() if row["reached"] == math.inf]
        table = result_table(history, result.reset_index(), TEXT)["Below the target"]
        words = "not" if history.eval_every == 1 else "not seen"
        assert (table == f"{words} within {e.steps} steps").sum() == len(missed)
        assert ("not seen below within" in said) == bool(missed)


def test_at_a_step_is_said_where_every_step_was_measured():
    alone = train(Experiment())
    assert alone.eval_every == 1
    assert "by step" not in " ".join(race_sentences(alone, result_frame(alone), TEXT))
    many = replace(alone, full_steps=alone.full_steps[::3], full_loss=alone.full_loss[::3])
    said = race_sentences(many, result_frame(many), TEXT)
    assert "at step" not in said[0].replace("at step 0", "")
    assert "by step" in said[0]
    assert any(f"every {many.eval_every} steps" in s for s in said)
    # a curve that swings: seen below later than by one gap, or never, and said to be where that can be
    swinging = train(Experiment(learning_rates=(0.3,), optimizers=(Optimizer("RMSprop"),), seeds=5))
    rows = [i for i, s in enumerate(swinging.full_steps) if s % 48 == 0 or s in end_steps(384, 32)]
    steps, full = tuple(swinging.full_steps[i] for i in rows), swinging.full_loss[rows]
    seen = outcomes(swinging.experiment, swinging.loss, full, steps, swinging.constant_loss)
    late = [(b.reached or math.inf) - a.reached for a, b in zip(swinging.outcomes, seen, strict=True) if a.reached]
    assert max(late) >= 48
    rare = replace(swinging, full_steps=steps, full_loss=full, outcomes=seen)
    for one, of_step in ((swinging, False), (rare, True)):
        never = replace(one, outcomes=tuple(replace(o, reached=None) for o in one.outcomes))
        result = result_frame(never)
        said = race_sentences(never, result, TEXT)
        assert ("is seen below" in said[0]) == (never.eval_every > 1)
        assert result_table(never, result, TEXT)["Below the target"][0].startswith("not seen") == (never.eval_every > 1)
        assert not of_step or TEXT("result.every", k=48) in said


def leads(history: History) -> str:
    return " ".join(lead_sentences(history, result_frame(history), TEXT))


def test_a_lead_is_beyond_the_luck_of_the_seeds():
    """Against the interval worked out here: 2.365 is Student's 97.5% quantile for eight seeds."""
    for rate in (0.01, 0.1):
        history = train(Experiment(seeds=8, learning_rates=(rate,)))
        ends = {n: history.end[i * 8 : i * 8 + 8].log().tolist() for i, n in enumerate(MAKE)}
        best = min(ends, key=lambda n: median(history.end[list(ends).index(n) * 8 :][:8].tolist()))
        ahead, open_ = [], []
        for name in ends.keys() - {best}:
            d = [a - b for a, b in zip(ends[best], ends[name], strict=True)]
            reach = 2.3646 * stdev(d) / math.sqrt(8)
            (ahead if fmean(d) < -reach else open_ if fmean(d) < reach else []).append(name)
        said = leads(history)
        assert f"median of {best} ends lowest" in said
        told, _, rest = said.partition("neither ahead of")
        assert all(name in told.partition("is ahead of")[2] for name in ahead)
        assert all(name in rest for name in open_)
    for seeds, words in ((1, "On this seed"), (4, "On these 4 seeds")):
        said = leads(train(Experiment(seeds=seeds)))
        assert said.startswith(words)
        assert "ahead" not in said


@pytest.mark.parametrize("seeds", [1, 5])
def test_what_only_rounding_parts_is_a_tie(seeds):
    adam = Experiment(optimizers=(Optimizer("Adam"), Optimizer("AdamW", weight_decay=0.0)), seeds=seeds)
    sgd = Experiment(optimizers=(Optimizer("SGD"), Optimizer("Momentum", momentum=0.0)), seeds=seeds)
    flat = replace(Experiment(seeds=seeds), loss=Loss("own", expression="0*r*r"), epochs=1)
    for e in (adam, sgd, flat):
        names = [o.name for o in e.optimizers]
        assert (
            leads(train(e)) == f"{', '.join(names[:-1])} and {names[-1]} tie: no more than rounding lies between them."
        )
    assert "tie" not in leads(train(Experiment(seeds=seeds)))
    three = replace(adam, optimizers=(*adam.optimizers, Optimizer("SGD")))
    said = leads(train(three))
    assert "Adam and AdamW end lowest" in said
    assert "Seed by seed it" not in said
    assert ("Seed by seed Adam is ahead of SGD" in said) == (seeds == 5)


def test_who_diverges_ties_with_nobody():
    """Both losses are infinite, which is no rounding."""
    history = train(Experiment(seeds=5, learning_rates=(10.0,), epochs=2))
    assert {o.kind for o in history.outcomes[:10]} == {Kind.DIVERGED}  # SGD and Momentum
    assert "tie" not in leads(history)


def test_where_a_constant_ends_below_the_target_it_is_said():
    """The kind is then "no better than a constant", yet it ends below: in the sweep both are to be read."""
    words = "one constant alone can cost less than 5"
    e = Experiment(epochs=2, seeds=3, points=200, target=5.0, learning_rates=(1e-4,))
    history = train(e)
    assert Kind.CONSTANT in {o.kind for o in history.outcomes}
    assert all(o.end < 5 for o in history.outcomes)
    assert any(words in s for s in race_sentences(history, result_frame(history), TEXT))
    frame = sweep_frame(history)
    for sentence in sweep_sentences(frame, best_rates(frame), e.target, e.seeds, TEXT):
        assert "ends below 5, for most seeds, at rate 0.0001." in sentence
    assert not cheap_constant(train(replace(e, target=0.02)), TEXT)


def test_best_rates_are_chosen_on_seeds_that_are_not_shown():
    e = sweep_of(Experiment(seeds=5))
    asked = choosing(e)
    assert [run.seed for run in asked.runs[:8]] == list(range(1000, 1008))
    assert "1000 to 1007" in chosen_sentence(asked, TEXT)
    chosen, shown = sweep_frame(train(asked)), sweep_frame(train(e))
    best = reported(shown, best_rates(chosen))
    said = sweep_sentences(shown, best, e.target, e.seeds, TEXT)
    for row, sentence in zip(best.to_dict("records"), said, strict=True):
        mine = chosen[chosen["name"] == row["name"]].set_index("rate")["median"]
        assert mine.idxmin() == row["rate"]
        here = shown.set_index(["name", "rate"])["median"]
        assert row["loss"] == here[row["name"], row["rate"]]
        assert f"best rate is {row['rate']:g}" in sentence


def test_ends_below_at_every_rate_between():
    history = sweep()
    frame = sweep_frame(history)
    said = sweep_sentences(frame, best_rates(frame), 0.02, SEEDS, TEXT)
    for name, sentence in zip(MAKE, said, strict=True):
        words = sentence.partition("Its best")[0]
        spans = words.count("at every rate") or words.count("at rate")
        works = []
        for rate in LADDER:
            ends = [
                o.end
                for o, run in zip(history.outcomes, history.runs, strict=True)
                if (run.optimizer.name, run.learning_rate) == (name, rate)
            ]
            works.append(sum(end < 0.02 for end in ends) > SEEDS / 2)
        begins = [r for r, now, before in zip(LADDER, works, [False, *works], strict=False) if now and not before]
        finish = [r for r, now, after in zip(LADDER, works, [*works[1:], False], strict=True) if now and not after]
        assert spans == len(begins) > 0
        for low, high in zip(begins, finish, strict=True):
            assert (f"from {low:g} to {high:g}" if low < high else f"at rate {low:g}") in words
    gap = frame.assign(ends_below=[float(rate in (0.01, 0.1, 0.3)) for rate in frame["rate"]])
    (first, *_) = sweep_sentences(gap, best_rates(frame), 0.02, SEEDS, TEXT)
    assert "at rate 0.01 and at every rate tried from 0.1 to 0.3" in first


RMSPROP, SGD = (Optimizer("RMSprop"),), (Optimizer("SGD"),)
#: Who parts: seen, and unsaid before, with gelu at 0.03, with batches of single points and with losses below 0.
ROUNDED = {
    "default": (Experiment(seeds=5), ()),
    "0.3": (Experiment(learning_rates=(0.3,), seeds=5), ("RMSprop",)),
    "gelu": (Experiment(activation="gelu", learning_rates=(0.03,), optimizers=RMSPROP, seeds=5), ("RMSprop",)),
    "single points": (Experiment(batch_size=1, optimizers=SGD), ("SGD",)),
    "below 0": (
        Experiment(loss=Loss("own", expression="r*r - 1"), learning_rates=(0.3,), optimizers=RMSPROP, seeds=5),
        ("RMSprop",),
    ),
}


@pytest.mark.parametrize("case", ROUNDED)
def test_curves_that_rounding_decides_are_said_to_be_one_of_many(case):
    """What is said is the largest difference from a plain loop over the steps of both roundings."""
    e, names = ROUNDED[case]
    history, twin = train(e), train_twin(e)
    found = {p.name: p for p in parted(history, twin)}
    assert tuple(found) == names
    if e.loss.name == "mse":
        for i, o in enumerate(e.optimizers):
            most = []
            for column in range(i * e.seeds, (i + 1) * e.seeds):
                pairs = zip(history.loss[:, column].tolist(), twin.loss[:, column].tolist(), strict=True)
                most.append(max(abs(a - b) / max(a, b) for a, b in pairs))
            assert (max(most) > 0.01) == (o.name in found)
            if o.name in found:
                assert found[o.name].share == pytest.approx(max(most))
                assert found[o.name].seeds == sum(m > 0.01 for m in most)
    said = parted_sentences(history, twin, TEXT)
    assert len(said) == bool(names)
    assert all(name in said[0] for name in names)
