"""Objective: losses against the residual, one's own, what outliers do to a fit, and the gradient matrix."""

from pathlib import Path

import streamlit as st

from core.catalogue.losses import LOSSES
from core.export import script
from core.link.forms import Specs, loss_parameter
from core.objective import fits_of
from core.ui import gradient_figure, loss_tables, objective_figures
from core.ui import page_share as share
from core.ui.blocks import TRAINED, figure, next_page, things_to_try
from core.ui.language import current
from core.ui.objective import PAGE, situation
from core.ui.page_situation import Situation, show_problems
from core.ui.prose import Prose

TRIES = {
    "delta": {"huber.delta": 0.1, "fits": ("mse", "huber"), "outliers.share": 0.1, "outliers.size": 2.0},
    "quantile": {"quantile.tau": 0.9, "fits": ("l1", "quantile"), "outliers.share": 0.0},
    "own": {"own.expr": "where(abs(r) < 0.5, r**2, 0.25)", "fits": ("mse", "own"), "outliers.share": 0.1},
}
#: What the figure of outliers depends on.
FITTED = (*TRAINED, "fits")
#: What one figure sets and another one shows too.
SHARED = (*filter(None, map(loss_parameter, LOSSES)), "noise", "n", "act", "opt", "lr", "batch", "epochs", "loss")

text = current()
prose = Prose(Path(__file__).parent, text.language)
title = text(f"shell.page.{PAGE}.title")


def shared(here: Situation) -> tuple:
    """Return what all figures have to agree on."""
    return here.moved, *(here.flat[name] for name in SHARED)


def settings() -> Specs:
    """Return what the widgets say; all figures follow where it concerns them."""
    here = situation()
    specs = here.read()
    if shared(here) != agreed:
        st.rerun()
    return specs


@st.fragment
def curves() -> None:
    """The losses there are, against the residual."""
    situation()
    with figure(text("objective.curves.figure")):
        objective_figures.curves(settings, text)


@st.fragment
def own() -> None:
    """A loss that the reader writes."""
    situation()
    with figure(text("objective.own.figure")):
        objective_figures.own(settings, text)


@st.fragment
def three_residuals() -> None:
    """What a reduction does."""
    situation()
    with figure(text("objective.reductions.figure")):
        objective_figures.three_residuals(settings, text)


@st.fragment
def logits() -> None:
    """Losses of classes: against the logit of one, and of three."""
    situation()
    with figure(text("objective.logit.figure")):
        objective_figures.logits(settings, text)


@st.fragment
def outliers() -> None:
    """The same data fitted under several losses."""
    here = situation()
    with figure(text("objective.fits.figure")):
        objective_figures.outliers(settings, text)
        things_to_try(here, PAGE, TRIES, text, FITTED)


@st.fragment
def gradients() -> None:
    """The gradient matrix at the player's step, and one of its cells."""
    situation()
    with figure(text("objective.matrix.figure")):
        gradient_figure.choose(text)
        gradient_figure.show(settings(), text)


@st.fragment
def foot() -> None:
    """The ways to take all of this along, as it is when they are pressed."""
    step = gradient_figure.step_of(settings())
    here = situation()
    experiment, _, page = here.specs
    share.bar(here, text, step=step, script=lambda: script(fits_of(experiment, page), title))


here = situation()
here.read()
agreed = shared(here)
show_problems(here, text)
st.title(title)
prose.show("intro")
curves()
prose.show("after_curves")
prose.show("own")
own()
prose.show("classes")
st.table(loss_tables.class_table(loss_tables.CLASSES, text), hide_index=True, border="horizontal")
with st.expander(text("objective.table.more")):
    st.table(loss_tables.class_table(loss_tables.MORE_CLASSES, text), hide_index=True, border="horizontal")
three_residuals()
prose.show("logits")
logits()
prose.show("outliers")
outliers()
prose.show("gradients")
gradients()
prose.show("after_gradients")
foot()
next_page("objective", text)
