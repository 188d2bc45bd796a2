"""What a figure shows, in words and tables made from its numbers."""

import math

import pandas as pd

from core.charts.numbers import sig
from core.history import History
from core.text import Text


def listed(items: list[str], text: Text) -> str:
    """Return "a, b and c" in the language."""
    if len(items) < 2:
        return "".join(items)
    return text("result.listing").join(items[:-1]) + text("result.and") + items[-1]


def race_sentences(history: History, result: pd.DataFrame, text: Text) -> list[str]:
    """Return who got below the target when, and who ends lowest, saying which loss this speaks of."""
    e = history.experiment
    count = "one" if e.seeds == 1 else "many"
    target = sig(e.target)
    there = result[result["share"] >= 0.5].sort_values("reached")
    missed = list(result.loc[result["share"] < 0.5, "name"])
    parts = [
        text(
            f"result.{'first' if i == 0 else 'next'}_{count}",
            name=row["name"],
            step=int(row["reached"]),
            target=target,
            share=f"{row['share']:.0%}",
        )
        for i, row in enumerate(there.to_dict("records"))
    ]
    if not parts:
        parts = [text("result.none", target=target, steps=e.steps)]
    elif missed:
        parts.append(text("result.missed", names=listed(missed, text), steps=e.steps))
    sentences = [text(f"result.full_{count}", body=text("result.comma").join(parts), seeds=e.seeds)]
    finite = result[result["loss"] < math.inf]
    if len(finite) > 1:
        best = min(finite.to_dict("records"), key=lambda row: row["loss"])
        sentences.append(text("result.best", name=best["name"], loss=sig(best["loss"])))
    if history.eval_every > 1:
        sentences.append(text("result.every", k=history.eval_every))
    return sentences


def failure_sentences(history: History, events: pd.DataFrame, text: Text) -> list[str]:
    """Return one sentence for each optimizer that diverged or collapsed, saying why."""
    constant = sig(float(history.constant_loss.median()))
    return [
        text(f"result.{row['kind']}", name=row["name"], step=int(row["step"]), constant=constant)
        for row in events.to_dict("records")
    ]


def result_table(result: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return the result as the strings a reader sees; who never got to the target has its outcome there."""

    def when(row: pd.Series) -> str:
        return text(f"outcome.{row['kind']}") if math.isnan(row["reached"]) else f"{int(row['reached'])}"

    columns = {
        "optimizer": result["name"],
        "rate": result["rate"].map(lambda v: f"{v:g}"),
        "reached": result.apply(when, axis=1),
        "loss": result["loss"].map(sig),
        "share": result["share"].map(lambda v: f"{v:.0%}"),
    }
    return pd.DataFrame({text(f"result.table.{name}"): values for name, values in columns.items()})


def sweep_sentences(result: pd.DataFrame, best: pd.DataFrame, target: float, text: Text) -> list[str]:
    """Return, optimizer by optimizer, at which rates training works and where it ends lowest."""
    lowest = {row["name"]: row for row in best.to_dict("records")}
    sentences = []
    for name in dict.fromkeys(result["name"]):
        rows = result[result["name"] == name]
        works = rows.loc[rows["share"] >= 0.5, "rate"]
        key = "fails" if works.empty else "single" if len(works) == 1 else "works"
        ends = {} if works.empty else {"low": f"{works.min():g}", "high": f"{works.max():g}"}
        sentence = text(f"result.sweep.{key}", name=name, target=sig(target), **ends)
        if row := lowest.get(name):
            ends = {"name": name, "rate": f"{row['rate']:g}", "loss": sig(row["loss"])}
            sentence += text("result.space") + text("result.sweep.best", **ends)
        sentences.append(sentence)
    return sentences
