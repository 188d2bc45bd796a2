"""What a figure shows, in words made from its numbers."""

import math

import pandas as pd

from core.charts.numbers import sig
from core.history import History
from core.spec import Experiment
from core.text import Text

#: From this learning rate on, trajectories of an optimizer part from their twin in other roundings.
CHAOTIC = {
    "SGD": 0.5,
    "Momentum": 0.3,
    "Nesterov": 0.3,
    "Adagrad": 0.3,
    "RMSprop": 0.03,
    "Adam": 0.1,
    "AdamW": 0.1,
}


def listed(items: list[str], text: Text) -> str:
    """Return "a, b and c" in the language."""
    if len(items) < 2:
        return "".join(items)
    return text("result.comma").join(items[:-1]) + text("result.and") + items[-1]


def race_sentences(history: History, result: pd.DataFrame, text: Text) -> list[str]:
    """Return the result of a race, sentence by sentence, saying which loss it speaks of."""
    e = history.experiment
    target = sig(e.target)
    reached = result[result["share"] >= 0.5].sort_values("reached")
    missed = list(result.loc[result["share"] < 0.5, "name"])
    parts = []
    for i, row in enumerate(reached.to_dict("records")):
        key = "result.reached" if i == 0 and e.seeds == 1 else "result.reached_seeds"
        share = f"{row['share']:.0%}"
        values = {"name": row["name"], "step": int(row["reached"]), "target": target, "share": share}
        parts.append(text("result.reached", **values) if e.seeds == 1 else text(key, **values))
    body = text("result.comma").join(parts)
    if missed:
        tail = text("result.missed", names=listed(missed, text), steps=e.steps)
        body = body + text("result.clause") + tail if body else ""
    sentences = []
    if not parts:
        sentences.append(text("result.none", target=target, steps=e.steps))
    elif e.seeds == 1:
        sentences.append(text("result.full_one", body=body))
    else:
        sentences.append(text("result.full_many", body=body, seeds=e.seeds, target=target))
    finite = result[result["loss"] < math.inf]
    if len(finite) > 1:
        best = finite.loc[finite["loss"].idxmin()]
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


def is_chaotic(experiment: Experiment) -> bool:
    """Return whether some run's own curve is only one of many: its rate is in the chaotic range."""
    return any(run.learning_rate >= CHAOTIC[run.optimizer.name] for run in experiment.runs)


def table(result: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return the result as the strings a reader sees, in the reader's language."""
    never = text("result.table.never")
    columns = {
        "rate": result["rate"].map(lambda v: f"{v:g}"),
        "reached": result["reached"].map(lambda v: never if math.isnan(v) else f"{int(v)}"),
        "loss": result["loss"].map(sig),
        "share": result["share"].map(lambda v: f"{v:.0%}"),
        "kind": result["kind"].map(lambda v: text(f"outcome.{v}")),
    }
    shown = pd.DataFrame({text(f"result.table.{name}"): values for name, values in columns.items()})
    shown.index = pd.Index(result["name"], name=text("result.table.optimizer"))
    return shown


def sweep_sentences(sweep: pd.DataFrame, result: pd.DataFrame, target: float, text: Text) -> list[str]:
    """Return, for each optimizer, where training works and its best rate."""
    sentences = []
    for name, rows in result.groupby("name", sort=False):
        works = rows.loc[rows["share"] >= 0.5, "rate"]
        values = {"name": name, "target": sig(target)}
        if len(works):
            values |= {"low": f"{works.min():g}", "high": f"{works.max():g}"}
        sentences.append(text("result.sweep.works" if len(works) else "result.sweep.fails", **values))
    return sentences
