"""How many rounds it takes to each target, over seeds."""

import math
from dataclasses import dataclass

import pandas as pd

from core.charts.style import OPTIMIZERS
from core.engine.history import History
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import percent, sig
from pages.small_steps.rounds.chart import rounds_chart
from pages.small_steps.rounds.counting import first_steps, summary, targets


@dataclass(frozen=True)
class Rounds:
    """A chart as its specification, its alt text, and the result in words."""

    spec: dict
    alt: str
    sentences: tuple[str, ...]
    notes: tuple[str, ...]


def figure(history: History, _: Specs, text: Text) -> Figure:
    """Return a row of dots for each target."""
    drawn = build_rounds(history, text)
    height = drawn.spec["height"] + 60
    chart = Chart(drawn.spec, text("small_steps.rounds.title"), drawn.alt, height=height, name="rounds", rigid=True)
    return Figure((chart,), sentences=drawn.sentences, notes=drawn.notes)


def build_rounds(history: History, text: Text) -> Rounds:
    """Make the chart, and say what each target cost."""
    e = history.experiment
    first = first_steps(history, targets(e))
    found = summary(first)
    name = e.optimizers[0].name
    chart = rounds_chart(first, found, OPTIMIZERS[name], e.steps, text)
    alt = text("small_steps.rounds.alt", name=name, seeds=e.seeds)
    notes = (text("result.every", k=history.eval_every),) if history.eval_every > 1 else ()
    return Rounds(chart.to_dict(validate=False), alt, (_sentence(history, found, text),), notes)


def _sentence(history: History, found: pd.DataFrame, text: Text) -> str:
    e = history.experiment

    def said(row: dict) -> str:
        values = {"target": sig(row["target"]), "share": percent(row["share"])}
        exact = history.eval_every == 1
        if not row["share"]:
            return text(
                f"small_steps.rounds.{'never' if exact else 'never_seen'}", target=values["target"], steps=e.steps
            )
        if row["median"] == math.inf:
            return (
                text("small_steps.rounds.few", **values, steps=e.steps)
                if exact
                else text("small_steps.rounds.few_seen", **values)
            )
        return text("small_steps.rounds.part", **values, step=int(row["median"]))

    rows = found.to_dict("records")
    most = [row for row in rows if row["median"] < math.inf]
    told = [rows[0], *([most[-1]] if len(most) > 1 else []), rows[-1]]
    body = text("small_steps.semicolon").join(said(row) for row in told)
    values = {"name": e.optimizers[0].name, "rate": sig(history.runs[0].learning_rate), "seeds": e.seeds}
    return text("small_steps.rounds.result", **values, body=body)
