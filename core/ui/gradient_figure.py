"""The layout of the gradient matrix's figure: its controls, the player, and the cell that is looked into."""

import streamlit as st

from core.analysis.gradients import Matrices
from core.catalogue.data_sets import DATA_SETS
from core.catalogue.losses import LOSSES
from core.link.forms import Specs
from core.objective import Objective, gradient_experiment
from core.player import player, settled_step
from core.spec.experiment import Experiment, View
from core.text import Text
from core.text.numbers import sig
from core.ui import controls, gradient_cell, results
from core.ui import gradient_matrix as matrix
from core.ui.folds import fold

KEY = "player.gradients"


def choose(text: Text) -> None:
    """Choose the loss, the points it is taken over, and, folded, the data and the width."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        controls.pick("loss", text("control.loss"), tuple(LOSSES), lambda v: text(f"loss.{v}"))
        controls.either("grad.of", text("objective.matrix.of"), ("batch", "all"), lambda v: text(f"objective.{v}"))

    def data() -> None:
        controls.pick("grad.data", text("control.data"), tuple(DATA_SETS), lambda v: text(f"data.{v}"))
        controls.ladder("grad.width", text("control.width"))

    fold("matrix", text("control.more_data"), data)


def opened(experiment: Experiment, view: View) -> int:
    """Return the step at which the page's players open."""
    return experiment.steps if view.step is None else view.step


def step_of(specs: Specs) -> int:
    """Return the step at which the reader left the player."""
    experiment, view, _ = specs
    return settled_step(KEY, steps=experiment.steps, step=opened(experiment, view))


def show(specs: Specs, text: Text) -> None:
    """Show the matrices in the player, then the cell at the step where the player rests."""
    experiment, view, page = specs
    e = gradient_experiment(experiment, page)
    history = results.trained(e, text)
    if history is None:
        return
    found = matrix.found_matrices(history, page)
    cell = matrix.nearest_cell(page.cell, e)
    drawn = matrix.shown(found, cell, text)
    step = player(
        drawn.charts,
        steps=e.steps,
        step=opened(experiment, view),
        series=drawn.series,
        text=text,
        key=KEY,
        on_step=lambda: None,
    )
    values = {"count": len(found.steps), "steps": e.steps, "optimizer": e.optimizers[0].name}
    rate = sig(e.optimizers[0].lr or e.learning_rates[0])
    st.markdown(f"**{matrix.length_sentence(found, text)}**")
    note = text(f"objective.matrix.note_{page.batch}", size=found.size, points=e.points)
    if page.batch == "all" and len(e.batch_sizes) > 1:
        note += text("result.space") + text("objective.matrix.note_training")
    st.caption(note)
    st.caption(text("objective.matrix.kept", rate=rate, **values))
    _cell(found, cell, step, page, text)


def _cell(found: Matrices, cell: str, step: int, page: Objective, text: Text) -> None:
    st.markdown(f"**{text('objective.check.title')}**")
    st.session_state["cell"] = cell  # a cell that a narrower network lacks is none of the options
    with st.container(horizontal=True, vertical_alignment="bottom"):
        controls.pick("cell", text("objective.check.cell"), matrix.cell_names(found.experiment), matrix.cell_label)
        controls.ladder("fd.eps", text("objective.check.eps"), show=sig)
    seen = gradient_cell.check(found, cell, step, page.eps)
    if not seen.finite:
        st.caption(text("objective.check.lost", step=seen.step))
        return
    said = {"cell": matrix.cell_label(cell), "step": seen.step, "value": sig(seen.at)}
    result = "dead" if seen.dead else "result"
    slope = {} if seen.dead else {"slope": sig(seen.back)}
    st.markdown(f"**{text(f'objective.check.{result}', **said, **slope)}**")
    st.table(gradient_cell.check_table(seen, page.eps, text), hide_index=True, border="horizontal")
    left, right = st.columns(2, gap="large")
    with left:
        alt = text("objective.alt.coefficient", cell=said["cell"])
        st.vega_lite_chart(spec=gradient_cell.coefficient_spec(seen, cell, text), alt=alt)
    if seen.dead:
        return
    with right:
        st.vega_lite_chart(
            spec=gradient_cell.difference_spec(seen, page.eps, text), alt=text("objective.alt.difference")
        )
    st.markdown(gradient_cell.best_sentence(seen, text))
