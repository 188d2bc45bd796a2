"""The table of data sets × optimizers, each at its own best rate."""

import pandas as pd
import streamlit as st

from core import frames
from core.charts.numbers import sig
from core.data import DATA_SETS
from core.history import History
from core.spec import Experiment
from core.text import Text
from core.ui.kept import kept
from core.ui.results import trained

SEEDS = 5


def experiments() -> dict[str, Experiment]:
    """Return, for each data set, the classic experiment over the ladder."""
    return {data: frames.sweep_of(Experiment(data=data, seeds=SEEDS)) for data in DATA_SETS}


def best_of(sweeps: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row a data set and optimizer: data, name, rate, loss, and whether it is the row's lowest."""
    best = pd.concat([frames.best_rates(s).assign(data=data) for data, s in sweeps.items()])
    return best.assign(lowest=best["loss"] == best.groupby("data")["loss"].transform("min"))


@kept
def _cells(language: str, _histories: dict[str, History]) -> pd.DataFrame:
    # The experiments never change, so neither do their cells; best rates and pivot cost 100 ms.
    text = Text(language)
    best = best_of({data: frames.sweep_frame(history) for data, history in _histories.items()})

    def cell(row: pd.Series) -> str:
        shown = text("optimizers.practice_cell", loss=sig(row["loss"]), rate=f"{row['rate']:g}")
        return f"**{shown}**" if row["lowest"] else shown

    cells = best.assign(cell=best.apply(cell, axis=1)).pivot_table(
        index="data", columns="name", values="cell", aggfunc="first", sort=False
    )
    cells.index = pd.Index([text(f"data_short.{data}") for data in cells.index], name=text("optimizers.practice_data"))
    cells.columns.name = None
    return cells


def practice_table(text: Text) -> None:
    """Show who ends lowest on which data set."""
    histories = {}
    for data, experiment in experiments().items():
        history = trained(experiment, text)
        if history is None:
            return
        histories[data] = history
    st.table(_cells(text.language, histories), border="horizontal")
    e = Experiment(seeds=SEEDS)
    runs = sum(len(x.runs) for x in experiments().values())
    values = {"points": f"{e.points:,}", "noise": e.noise, "width": e.width, "batch": e.batch_size}
    st.caption(text("optimizers.practice_note", runs=f"{runs:,}", steps=e.steps, **values))
