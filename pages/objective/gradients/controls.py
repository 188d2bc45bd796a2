"""What a reader sets of the gradients, and the one cell that is looked into."""

import streamlit as st

from core.analysis.coefficient_names import cell_label, cell_names, nearest_cell
from core.analysis.gradients import Matrices
from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.catalogue.losses import LOSSES
from core.link.forms import Specs
from core.text import Text
from core.text.numbers import sig
from core.ui import controls, one_run
from pages.objective.controls import parameters_of
from pages.objective.gradients import derivative
from pages.objective.gradients.compute import check


def show(text: Text) -> None:
    """Show the loss, the points it is taken over, and what the edges are."""
    controls.pick("loss", text("control.loss"), tuple(LOSSES), lambda v: text(f"loss.{v}"))
    controls.either("grad.of", text("objective.matrix.of"), ("batch", "all"), lambda v: text(f"objective.{v}"))
    edges = ("gradients", "weights")
    controls.either("grad.edges", text("objective.edges.are"), edges, lambda v: text(f"objective.edges.{v}"))


def data(_: Specs, text: Text) -> None:
    """Show what the data and the network are."""
    controls.pick("grad.data", text("control.data"), tuple(DATA_SETS), lambda v: text(f"data.{v}"))
    controls.ladder("noise", text("control.noise"))
    controls.ladder("n", text("control.n"))
    controls.ladder("grad.width", text("control.width"))
    controls.pick("act", text("control.act"), tuple(ACTIVATIONS), lambda v: text(f"activation.{v}"))


FOLDS = {
    "losses": parameters_of("loss"),
    "data": data,
    "training": lambda specs, text: one_run.steps(text),
}


def below(found: Matrices, specs: Specs, text: Text, step: int | None) -> None:
    """Choose a cell, and show its derivative both ways at the step where the player rests."""
    page = specs[2]
    cell = nearest_cell(page.cell, found.experiment)
    st.markdown(f"**{text('objective.check.title')}**")
    st.session_state["cell"] = cell  # a cell that a narrower network lacks is none of the options
    with st.container(horizontal=True, vertical_alignment="bottom"):
        controls.pick("cell", text("objective.check.cell"), cell_names(found.experiment), cell_label)
        controls.ladder("fd.eps", text("objective.check.eps"), show=sig)
    seen = check(found, cell, found.experiment.steps if step is None else step, page.eps)
    if not seen.finite:
        st.caption(text("objective.check.lost", step=seen.step))
        return
    said = {"cell": cell_label(cell), "step": seen.step, "value": sig(seen.at)}
    result = "dead" if seen.dead else "result"
    slope = {} if seen.dead else {"slope": sig(seen.back)}
    st.markdown(f"**{text(f'objective.check.{result}', **said, **slope)}**")
    st.table(derivative.check_table(seen, page.eps, text), hide_index=True, border="horizontal")
    left, right = st.columns(2, gap="large")
    with left:
        alt = text("objective.alt.coefficient", cell=said["cell"])
        st.vega_lite_chart(spec=derivative.coefficient_spec(seen, cell, text), alt=alt)
    if seen.dead:
        return
    with right:
        st.vega_lite_chart(spec=derivative.difference_spec(seen, page.eps, text), alt=text("objective.alt.difference"))
    st.markdown(derivative.best_sentence(seen, text))
