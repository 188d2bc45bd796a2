"""How many rounds it takes to each target, over seeds."""

import math
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core.catalogue.optimizers import METHODS
from core.charts.rounds import rounds_chart
from core.charts.style import OPTIMIZERS
from core.engine.history import History
from core.link import forms
from core.rounds import first_steps, summary, targets
from core.text import Text
from core.text.numbers import percent, sig
from core.ui import controls
from core.ui.kept import kept


def round_controls(text: Text) -> None:
    """Choose an optimizer, its rate, and over how many seeds."""
    one, two, three = st.columns(3, gap="medium")
    with one:
        controls.pick("rounds.opt", text("result.table.optimizer"), tuple(METHODS), str)
    with two:
        controls.ladder("rounds.lr", text("control.lr"))
    with three:
        controls.ladder("rounds.seeds", text("control.seeds"))


@dataclass(frozen=True)
class Rounds:
    """A chart as its specification, its alt text, and the result in words."""

    spec: dict
    alt: str
    sentences: tuple[str, ...]
    notes: tuple[str, ...]


def rounds(history: History, text: Text) -> Rounds:
    """Return the steps to each target, kept for whoever asks for the same next."""
    return _rounds(forms.canonical(history.experiment), text.language, history)


@kept
def _rounds(key: str, language: str, _history: History) -> Rounds:
    return build_rounds(_history, Text(language))


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
        if not row["share"]:
            return text("small_steps.rounds.never", target=values["target"], steps=e.steps)
        if row["median"] == math.inf:
            return text("small_steps.rounds.few", **values, steps=e.steps)
        return text("small_steps.rounds.part", **values, step=int(row["median"]))

    rows = found.to_dict("records")
    most = [row for row in rows if row["median"] < math.inf]
    told = [rows[0], *([most[-1]] if len(most) > 1 else []), rows[-1]]
    body = text("small_steps.semicolon").join(said(row) for row in told)
    values = {"name": e.optimizers[0].name, "rate": sig(history.runs[0].learning_rate), "seeds": e.seeds}
    return text("small_steps.rounds.result", **values, body=body)
