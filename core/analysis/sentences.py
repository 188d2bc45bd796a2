"""What a figure shows, in words and tables made from its numbers."""

import math
from collections.abc import Sequence

import pandas as pd

from core.analysis.comparison import ENOUGH, Verdict, compare
from core.analysis.frames import lines
from core.engine.history import History, Kind
from core.spec.experiment import Experiment
from core.text import Text, joined
from core.text.numbers import sig


def listed(items: list[str], text: Text) -> str:
    """Return "a, b and c" in the language."""
    if len(items) < 2:
        return "".join(items)
    return joined(text("result.listing").join(items[:-1]) + text("result.and") + items[-1])


def when(row: pd.Series | dict, text: Text) -> str:
    """Return "at step 41" where the loss is known at every step up to there, else "by step 48"."""
    return text(f"result.{'at' if row['exact'] else 'by'}", step=int(row["reached"]))


def race_sentences(history: History, result: pd.DataFrame, text: Text) -> list[str]:
    """Return who got below the target when, and who ends lowest, saying which loss this speaks of."""
    e = history.experiment
    count = "one" if e.seeds == 1 else "many"
    target = sig(e.target)
    seen = "" if history.eval_every == 1 else "_seen"  # who never was seen below may have been, between two looks
    rows = result.to_dict("records")
    there = sorted((row for row in rows if row["reached"] < math.inf), key=lambda row: row["reached"])
    missed = [row["name"] for row in rows if row["reached"] == math.inf]
    parts = [
        text(
            f"result.{'first' if i == 0 else 'next'}_{count}",
            name=row["name"],
            when=when(row, text),
            target=target,
            there=row["there"],
            seeds=row["seeds"],
        )
        for i, row in enumerate(there)
    ]
    if not parts:
        parts = [text(f"result.none{seen}", target=target, steps=e.steps)]
    elif missed:
        parts.append(text(f"result.missed{seen}", names=listed(missed, text), steps=e.steps))
    sentences = [text(f"result.full_{count}", body=text("result.comma").join(parts), seeds=e.seeds)]
    sentences += lead_sentences(history, result, text)
    sentences += cheap_constant(history, text)
    if not all(row["exact"] for row in rows) and history.eval_every > 1:  # who never was below may have been between
        sentences.append(text("result.every", k=history.eval_every))
    return sentences


def lead_sentences(history: History, result: pd.DataFrame, text: Text) -> list[str]:
    """Return who ends lowest, and of whom that can be said beyond the luck of the seeds and of rounding."""
    ends = {line.name: [history.outcomes[c].end for c in line.columns] for line in lines(history)}
    medians = dict(zip(result["name"], result["loss"], strict=True))
    best = min(medians, key=medians.__getitem__)
    if len(ends) < 2 or medians[best] == math.inf:
        return []
    seeds = history.experiment.seeds
    verdicts = {name: compare(ends[best], ends[name]) for name in ends if name != best}
    ties = _ties(ends)
    tied = [text("result.tie", names=listed(group, text)) for group in ties]
    first = next((group for group in ties if best in group), [best])
    if len(first) == len(ends):
        return tied
    key = "lowest_one" if seeds == 1 else "lowest_few" if seeds < ENOUGH else "lowest_many"
    key += "_tied" if len(first) > 1 else ""
    sentence = text(f"result.{key}", name=listed(first, text), loss=sig(medians[best]), seeds=seeds)
    paired = [
        text(f"result.paired.{verdict.value}", names=listed(names, text))
        for verdict in (Verdict.LOWER, Verdict.OPEN, Verdict.HIGHER)
        if (names := [n for n, v in verdicts.items() if v is verdict])
    ]
    if paired:
        body = "body_tied" if len(first) > 1 else "body"
        told = text(f"result.paired.{body}", best=best, body=text("result.semicolon").join(paired))
        sentence += text("result.space") + told
    return [sentence, *tied]


def cheap_constant(history: History, text: Text) -> list[str]:
    """Say why a run that ends below the target is not of that kind: one constant ends below it as well."""
    target = history.experiment.target
    if not any(o.kind is Kind.CONSTANT and o.end < target for o in history.outcomes):
        return []
    return [text("result.cheap_constant", target=sig(target))]


def _ties(ends: dict[str, list[float]]) -> list[list[str]]:
    """Return the groups of names whose ends differ by no more than rounding; who has no end at all is in none."""
    groups: list[list[str]] = []
    for name, of_seeds in ends.items():
        alike = (g for g in groups if compare(ends[g[0]], of_seeds) is Verdict.SAME)
        if group := next(alike, None):
            group.append(name)
        else:
            groups.append([name])
    return [g for g in groups if len(g) > 1 and any(map(math.isfinite, ends[g[0]]))]


def failure_sentences(history: History, events: pd.DataFrame, text: Text) -> list[str]:
    """Return one sentence for each optimizer that diverged or collapsed, saying what that is."""
    constant = sig(float(history.constant_loss.median()))
    count = "one" if history.experiment.seeds == 1 else "many"
    return [
        text(f"result.{row['kind']}_{count}", name=row["name"], step=int(row["step"]), constant=constant)
        for row in events.to_dict("records")
    ]


def chosen_sentence(experiment: Experiment, text: Text) -> str:
    """Return on which seeds best rates were chosen, `experiment` being what was trained for that."""
    first = experiment.first_seed
    return text("result.chosen", first=first, last=first + experiment.seeds - 1)


def result_table(history: History, result: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return the result as the strings a reader sees: when the target was reached, and what became of the runs."""
    steps, several = history.experiment.steps, history.experiment.seeds > 1
    never = "result.not_within" if history.eval_every == 1 else "result.not_seen_within"

    def reached(row: dict) -> str:
        return when(row, text) if row["reached"] < math.inf else text(never, steps=steps)

    def kind(row: dict) -> str:
        word = text(f"outcome.{'collapsed' if row['collapsed'] else row['kind']}")
        return text("result.of_seeds", what=word, count=row["alike"], seeds=row["seeds"]) if several else word

    rows = result.to_dict("records")
    columns = {
        "optimizer": [row["name"] for row in rows],
        "rate": [f"{row['rate']:g}" for row in rows],
        "reached": [reached(row) for row in rows],
        "there": [text("result.part_of", count=row["there"], seeds=row["seeds"]) for row in rows],
        "loss": [sig(row["loss"]) for row in rows],
        "kind": [kind(row) for row in rows],
    }
    if not several:
        del columns["there"]
    return pd.DataFrame({text(f"result.table.{name}"): values for name, values in columns.items()})


def sweep_sentences(sweep: pd.DataFrame, best: pd.DataFrame, target: float, seeds: int, text: Text) -> list[str]:
    """Return, optimizer by optimizer, at which rates most seeds end below the target, and the best rate.

    `best`: name, rate, loss: the rate chosen on other seeds, and the median end that the sweep has there.
    """
    count = "one" if seeds == 1 else "many"
    chosen = {row["name"]: row for row in best.to_dict("records")}
    sentences = []
    for name in dict.fromkeys(sweep["name"]):
        rows = sweep[sweep["name"] == name].sort_values("rate")
        spans = _spans(rows["rate"].tolist(), (rows["ends_below"] > 0.5).tolist())
        where = [
            text(f"result.sweep.{'single' if low == high else 'span'}", low=f"{low:g}", high=f"{high:g}")
            for low, high in spans
        ]
        key = f"works_{count}" if spans else f"fails_{count}"
        sentence = text(f"result.sweep.{key}", name=name, target=sig(target), where=listed(where, text))
        if row := chosen.get(name):
            values = {"name": name, "rate": f"{row['rate']:g}", "loss": sig(row["loss"])}
            sentence += text("result.space") + text(f"result.sweep.best_{count}", **values)
        sentences.append(sentence)
    return sentences


def _spans(rates: Sequence[float], works: Sequence[bool]) -> list[tuple[float, float]]:
    """Return the ends of the stretches of neighbouring rates at all of which it works."""
    spans: list[tuple[float, float]] = []
    before = False
    for rate, now in zip(rates, works, strict=True):
        if now:
            spans = [*spans[:-1], (spans[-1][0], rate)] if before else [*spans, (rate, rate)]
        before = now
    return spans


def kept_note(history: History, text: Text) -> tuple[str, ...]:
    """Say at how many steps the coefficients were kept, and curves can be drawn, if not at all of them."""
    count, steps = len(history.snapshot_steps), history.experiment.steps
    return (text("player.kept", count=count, steps=f"{steps:,}"),) if count <= steps else ()
