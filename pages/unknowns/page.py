"""Unknowns: the same formula with its coefficients known, then sought; and two older methods as the same swap."""

from pathlib import Path

import streamlit as st

from core.analysis.sentences import listed
from core.charts.classes import SHADES
from core.export import search_script
from core.formula_fit import FORMULAS, FormulaFit
from core.player import player, settled_step
from core.text.numbers import percent_exactly
from core.ui import controls, formulas, loss_maps
from core.ui import page_share as share
from core.ui.blocks import LOSS_VS_STEP, figure, next_page, things_to_try
from core.ui.language import current
from core.ui.older import shown
from core.ui.page_situation import show_problems
from core.ui.prose import Prose
from core.ui.unknowns import ASKED, PAGE, TRIES, more, new_data, optimizers, situation

LOGISTIC_MORE = {"logistic.n": "control.n", "logistic.steps": "unknowns.steps"}
KMEANS_MORE = {
    "kmeans.spread": "unknowns.kmeans.spread",
    "kmeans.n": "control.n",
    "kmeans.steps": "unknowns.steps",
}

text = current()
prose = Prose(Path(__file__).parent, text.language)
situation().note_drawn()


@st.fragment
def formula() -> None:
    """One formula twice, and the loss of its coefficients as a map."""
    here = situation()
    with figure(text("unknowns.figure_twice")):
        controls.either("formula", text("unknowns.formula"), tuple(FORMULAS), lambda v: text(f"unknowns.formulas.{v}"))
        left, right = st.columns(2, gap="large")
        with left:
            formulas.coefficients("c1", "c2", text("unknowns.known"))
        with right:
            formulas.coefficients("t1", "t2", text("unknowns.asked"))
        spec: FormulaFit = here.read()[0]
        tried = formulas.tries(spec)
        with left:
            formulas.known(spec, text)
        with right:
            formulas.asked(here, spec, tried, text)
    prose.show("map")
    with figure(text("unknowns.figure_map")):
        st.toggle(text("unknowns.fit"), key="fit")
        show = loss_maps.walking if spec.fit else loss_maps.still
        show(here, tried, text)
        things_to_try(here, PAGE, TRIES, text, ASKED)
    here.keep_up()


@st.fragment
def logistic() -> None:
    """Two classes and the boundary between them."""
    here = situation()
    with figure(text("unknowns.figure_logistic")):
        optimizers("logistic.opt", text)
        controls.ladder("logistic.lr", text("control.lr"))
        controls.ladder("logistic.gap", text("unknowns.logistic.gap"))
        with st.container(horizontal=True):
            new_data(here, "logistic.seed", text)
            more("logistic", LOGISTIC_MORE, text)
        spec = here.read()[1]
        drawn = shown(spec, text)
        player(drawn.charts, steps=spec.steps, step=spec.steps, series=drawn.series, text=text, key="logistic")
        shades = listed([percent_exactly(p) for p in SHADES[1:]], text)
        st.caption(text("unknowns.logistic.note", shades=shades))
        st.markdown("\n".join(f"- {s}" for s in drawn.sentences))
    here.keep_up()


@st.fragment
def clustering() -> None:
    """Points without classes and the centres that walk to them."""
    here = situation()
    with figure(text("unknowns.figure_kmeans")):
        controls.either("kmeans.k", text("unknowns.kmeans.k"), range(2, 7), str)
        optimizers("kmeans.opt", text)
        controls.ladder("kmeans.lr", text("control.lr"))
        with st.container(horizontal=True):
            new_data(here, "kmeans.seed", text)
            more("kmeans", KMEANS_MORE, text)
        spec = here.read()[2]
        drawn = shown(spec, text)
        player(drawn.charts, steps=spec.steps, step=spec.steps, series=drawn.series, text=text, key="kmeans")
        st.markdown("\n".join(f"- {s}" for s in drawn.sentences))
    here.keep_up()


show_problems(situation(), text)
st.title(text(f"shell.page.{PAGE}.title"))
prose.show("intro")
formula()
prose.show("after_map")
prose.show("logistic")
logistic()
prose.show("kmeans")
clustering()
prose.show("networks")
fit = situation().read()[0]
opened = fit.steps if fit.step is None else fit.step
share.bar(
    situation(),
    text,
    step=settled_step(LOSS_VS_STEP, steps=fit.steps, step=opened) if fit.fit else None,
    script=lambda: search_script(situation().specs, text(f"shell.page.{PAGE}.title")),
)
next_page("unknowns", text)
