"""What a reader sets, and the step at which the reader rests, in full."""

import math
from dataclasses import astuple

import pandas as pd
import streamlit as st

from core.analysis.coefficient_names import cell_label, cell_names, nearest_cell
from core.export.worked_step import worked_step
from core.link.forms import Specs
from core.text import Text
from core.text.numbers import sig
from core.ui import controls
from core.ui.situation import present
from core.ui.stepper import rate
from pages.optimizers.inside.compute import Looked

#: Digits of what is compared with torch.
_DIGITS = 6


def show(text: Text) -> None:
    """Show whose steps are looked into, the coefficient, and the rate."""
    controls.optimizers(text)
    experiment = present().specs[0]
    st.session_state["cell"] = nearest_cell(st.session_state["cell"], experiment)
    controls.pick("cell", text("optimizers.inside.cell"), cell_names(experiment), cell_label)
    rate(text)


def hyperparameters(specs: Specs, text: Text) -> None:
    """Show the hyperparameters of those that are looked into."""
    controls.hyperparameters([o.name for o in specs[0].optimizers], text)


def training(_: Specs, text: Text) -> None:
    """Show how they train, and how the loss is drawn."""
    controls.batch(text)
    controls.ladder("epochs", text("control.epochs"))
    controls.either("scale", text("control.scale"), ("linear", "log"), lambda v: text(f"control.scale_{v}"))


FOLDS = {
    "hyper": hyperparameters,
    "data": lambda specs, text: controls.data_and_network(text),
    "training": training,
}


def below(found: Looked, _: Specs, text: Text, step: int | None) -> None:
    """Write out the step at which the reader rests, each optimizer's beside the others', and what torch makes of it."""
    if not step:
        st.caption(text("optimizers.inside.none"))
        return
    st.markdown(f"**{text('optimizers.inside.worked', step=step, cell=cell_label(found.cell))}**")
    with st.grid(min(len(found.names), 2)) as grid:
        for column, name in enumerate(found.names):
            with grid.cell():
                st.markdown(f"**{name}**")
                _worked(found, column, step, text)
    for column, name in enumerate(found.names):
        if (first := found.uncorrected(column)) is not None:
            with st.expander(text("optimizers.inside.first", name=name, count=len(first)), key=f"fold.first_{column}"):
                _first(first, text)


def _worked(found: Looked, column: int, step: int, text: Text) -> None:
    given = found.numbers(column, step)
    if not all(map(math.isfinite, astuple(given))):
        st.caption(text("optimizers.inside.lost"))
        return
    with st.container(key=f"worked_{column}"):
        st.latex(worked_step(found.row(column), given))
    theirs = found.by_torch(column, step)
    rows = {"m": (given.new_first, theirs.first), "v": (given.new_second, theirs.second)}
    kept = {name: pair for name, pair in rows.items() if pair[1] is not None}
    kept["θ"] = (given.new_parameter, theirs.parameter)
    names = {column: text(f"optimizers.inside.{column}") for column in ("quantity", "here", "torch")}
    table = pd.DataFrame([(n, *(sig(v, _DIGITS) for v in pair)) for n, pair in kept.items()], columns=list(names))
    st.table(table.rename(columns=names), hide_index=True, border="horizontal")
    if missing := [name for name in rows if name not in kept]:
        said = text("result.and").join(missing)
        st.caption(text("optimizers.inside.not_kept", name=found.names[column], names=said))


def _first(steps: pd.DataFrame, text: Text) -> None:
    """Show the first steps with bias correction and without."""
    lengths = ["with", "without", "times"]
    called = {"step": text("chart.axis.step")} | {c: text(f"optimizers.inside.{c}") for c in lengths}
    numbers = steps[lengths].map(sig)
    table = pd.concat([steps[["step"]].astype(str), numbers], axis="columns")
    st.table(table.rename(columns=called), hide_index=True, border="horizontal")
