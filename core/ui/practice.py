"""The table of data sets × optimizers, each at its own best rate, chosen on other seeds than it is shown on."""

from dataclasses import replace
from functools import cache

import pandas as pd
import streamlit as st

from core.analysis.best_rates import at_best_rates, best_rates, choosing, sweep_of
from core.analysis.comparison import Verdict, compare
from core.analysis.frames import lines
from core.analysis.result_frames import sweep_frame
from core.analysis.sentences import chosen_sentence
from core.catalogue.data_sets import DATA_SETS
from core.catalogue.optimizers import METHODS
from core.engine.history import History
from core.link import forms
from core.spec.experiment import Experiment, Optimizer
from core.text import Text
from core.text.numbers import sig
from core.ui.kept import kept
from core.ui.results import keep, trained

#: What is shown: the classic experiment with every method, on each data set.
BASE = Experiment(optimizers=tuple(map(Optimizer, METHODS)), seeds=8)


def experiments() -> dict[str, Experiment]:
    """Return the experiment of each data set, its rates still to be chosen."""
    return {data: replace(BASE, data=data) for data in DATA_SETS}


@cache
def ladders() -> dict[str, Experiment]:
    """Return, for each data set, what its best rates are chosen by."""
    return {data: choosing(sweep_of(e)) for data, e in experiments().items()}


def at_best(ladders_: dict[str, History]) -> dict[str, Experiment]:
    """Return, for each data set, the experiment at the rates that its trained ladder chooses."""
    return {data: at_best_rates(e, best_rates(sweep_frame(ladders_[data]))) for data, e in experiments().items()}


def rows_of(histories: dict[str, History]) -> pd.DataFrame:
    """Return one row a data set and optimizer: data, name, rate, median, low, high, and whether nobody beats it.

    Nobody beats the lowest median, nor whom it does not lead, seed by seed.
    """
    parts = []
    for data, history in histories.items():
        frame = sweep_frame(history)
        ends = {line.name: [history.outcomes[c].end for c in line.columns] for line in lines(history)}
        medians = dict(zip(frame["name"], frame["median"], strict=True))
        lowest = ends[min(medians, key=medians.__getitem__)]
        unbeaten = [compare(lowest, ends[name]) is not Verdict.LOWER for name in medians]
        parts.append(frame.assign(data=data, best=unbeaten))
    return pd.concat(parts, ignore_index=True)[["data", "name", "rate", "median", "low", "high", "best"]]


def warm() -> None:
    """Train all that the table shows and keep it."""
    for experiment in at_best({data: keep(e) for data, e in ladders().items()}).values():
        keep(experiment)


@kept
def _cells(key: str, language: str, _histories: dict[str, History]) -> pd.DataFrame:
    text = Text(language)

    def cell(row: pd.Series) -> str:
        values = {"median": sig(row["median"]), "low": sig(row["low"], 2), "high": sig(row["high"], 2)}
        shown = text("optimizers.practice_cell", **values, rate=f"{row['rate']:g}")
        return f"**{shown}**" if row["best"] else shown

    rows = rows_of(_histories)
    cells = rows.assign(cell=rows.apply(cell, axis=1)).pivot_table(
        index="data", columns="name", values="cell", aggfunc="first", sort=False
    )
    cells.index = pd.Index([text(f"data_short.{data}") for data in cells.index], name=text("optimizers.practice_data"))
    cells.columns.name = None
    return cells


def _key(histories: dict[str, History]) -> str:
    return "|".join(forms.canonical(h.experiment) for h in histories.values())


@kept
def _at_best(key: str, _ladders: dict[str, History]) -> dict[str, Experiment]:
    return at_best(_ladders)


def _all_trained(asked: dict[str, Experiment], text: Text) -> dict[str, History] | None:
    found = {}
    for data, experiment in asked.items():
        history = trained(experiment, text)
        if history is None:
            return None
        found[data] = history
    return found


def practice_table(text: Text) -> None:
    """Show who ends lowest on which data set."""
    chosen = _all_trained(ladders(), text)
    histories = _all_trained(_at_best(_key(chosen), chosen), text) if chosen else None
    if not chosen or not histories:
        return
    st.table(_cells(_key(histories), text.language, histories), border="horizontal")
    e = BASE
    runs = sum(h.experiment.columns for h in (*chosen.values(), *histories.values()))
    values = {"points": f"{e.points:,}", "noise": e.noise, "width": e.width, "batch": e.batch_size, "seeds": e.seeds}
    note = text("optimizers.practice_note", runs=f"{runs:,}", steps=e.steps, **values)
    asked = next(iter(chosen.values())).experiment
    st.caption(note + text("result.space") + chosen_sentence(asked, text))
