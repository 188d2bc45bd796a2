"""The layout of the Objective page's figures; `settings` reads the widgets once they are there."""

from collections.abc import Callable

import streamlit as st

from core.catalogue.losses import LOSSES
from core.expression.parser import parse
from core.link.forms import Specs, loss_parameter
from core.player import player
from core.text import Text
from core.ui import controls, loss_fits, loss_tables, one_run
from core.ui.folds import fold
from core.ui.gradient_figure import opened
from core.ui.objective import logit_pair, own_pair, residual_pair, show

Settings = Callable[[], Specs]


def _losses(key: str, label: str, text: Text) -> None:
    """Choose some losses."""
    st.pills(label, tuple(LOSSES), selection_mode="multi", format_func=lambda v: text(f"loss.{v}"), key=key)


def _three(name: str, text: Text) -> None:
    """Set three numbers side by side."""
    with st.grid(3) as grid:
        for i in range(1, 4):
            with grid.cell():
                controls.ladder(f"{name}.{i}", text("objective.number", name=name, i=i))


def curves(settings: Settings, text: Text) -> None:
    """The losses there are, against the residual."""
    _losses("curves", text("objective.curves.choose"), text)
    folded = st.container(horizontal=True)
    _, _, page = settings()
    show(residual_pair([page.loss(name) for name in page.curves], text))
    chosen = [name for name in page.curves if name != "own" and loss_parameter(name)]
    if chosen:
        with folded:
            fold("curves", text("objective.parameters"), lambda: controls.loss_parameters(chosen, text))


def own(settings: Settings, text: Text) -> None:
    """A loss that the reader writes, and what PyTorch runs."""
    controls.expression(text)
    _, _, page = settings()
    loss = page.loss("own")
    show(own_pair(loss, text))
    code = parse(loss.expression).code
    st.code(f"r = prediction - y\nloss = ({code}).mean()", language="python", wrap_lines=True)


def three_residuals(settings: Settings, text: Text) -> None:
    """What a reduction does."""
    _three("r", text)
    _, _, page = settings()
    st.table(loss_tables.reduction_table(page, text), hide_index=True, border="horizontal")


def logits(settings: Settings, text: Text) -> None:
    """Losses of classes: against the logit of one, and of three."""
    show(logit_pair(text.language))
    st.markdown(f"**{text('objective.entropy.title')}**")
    _three("z", text)
    controls.either("class", text("objective.entropy.right"), (1, 2, 3), str)
    _, _, page = settings()
    st.table(loss_tables.entropy_table(page, text), hide_index=True, border="horizontal")
    st.markdown(f"**{loss_tables.entropy_sentence(page, text)}**")


def outliers(settings: Settings, text: Text) -> None:
    """The same data fitted under several losses."""
    _losses("fits", text("objective.fits.choose"), text)
    controls.ladder("outliers.size", text("control.outliers_size"))
    folded = st.container(horizontal=True)
    experiment, view, page = settings()
    with folded:
        fold("data", text("control.more_data"), lambda: loss_fits.data_controls(text))
        fold("training", text("control.more_training"), lambda: one_run.steps(text))
    found = loss_fits.histories(experiment, page, text)
    if found is None:
        return
    drawn = loss_fits.fits(found, text)
    steps, step = experiment.steps, opened(experiment, view)
    player(drawn.charts, steps=steps, step=step, series=drawn.series, text=text, key="player.fits")
    st.markdown("\n".join(f"- {sentence}" for sentence in drawn.sentences))
    st.table(drawn.table, hide_index=True, border="horizontal")
