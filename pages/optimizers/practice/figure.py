"""The table of data sets and methods, and what is behind it."""

import pandas as pd

from core.analysis.best_rates import choosing, sweep_of
from core.analysis.sentences import chosen_sentence
from core.link.forms import Specs
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import sig
from pages.optimizers.practice.compute import BASE, Practice


def figure(result: Practice, _: Specs, text: Text) -> Figure:
    """Return the note on the trainings behind the table."""
    e = BASE
    values = {"points": f"{e.points:,}", "noise": e.noise, "width": e.width, "batch": e.batch_size, "seeds": e.seeds}
    note = text("optimizers.practice.note", runs=f"{result.runs:,}", steps=e.steps, **values)
    return Figure((), notes=(note, chosen_sentence(choosing(sweep_of(e)), text)))


def _spread(low: float, high: float) -> tuple[str, str]:
    """Return both ends in as few digits as tell them apart, two at least."""
    said = ((sig(low, digits), sig(high, digits)) for digits in range(2, 6))
    return next((ends for ends in said if ends[0] != ends[1]), (sig(low), sig(high)))


def cells(rows: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return a row a data set and a column a method: median, spread and rate, bold where nobody leads."""

    def cell(row: pd.Series) -> str:
        low, high = _spread(row["low"], row["high"])
        values = {"median": sig(row["median"]), "low": low, "high": high}
        shown = text("optimizers.practice.cell", **values, rate=f"{row['rate']:g}")
        return f"**{shown}**" if row["best"] else shown

    found = rows.assign(cell=rows.apply(cell, axis=1)).pivot_table(
        index="data", columns="name", values="cell", aggfunc="first", sort=False
    )
    names = [text(f"data_short.{data}") for data in found.index]
    found.index = pd.Index(names, name=text("optimizers.practice.data"))
    found.columns.name = None
    return found
