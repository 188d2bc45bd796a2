"""Transformer: one unit by hand, a network as the sum of its units, and how many units a shape needs."""

from pathlib import Path

import streamlit as st

from core.catalogue.data_sets import DATA_SETS
from core.export import script
from core.link.forms import ONE_RUN, join
from core.one_unit import UnitSpec
from core.player import player
from core.spec.experiment import View
from core.ui import controls, widths
from core.ui import page_share as share
from core.ui import page_situation as situation
from core.ui.blocks import LOSS_VS_STEP, TRAINED, figure, kept_note, next_page, things_to_try
from core.ui.language import current
from core.ui.one_unit import UNIT, unit_charts, unit_controls, unit_sentences
from core.ui.prose import Prose
from core.ui.results import trained
from core.ui.transformer import NETWORK, network, network_controls

PAGE = "transformer"
FORM = join(ONE_RUN, UNIT)
DEFAULTS = (NETWORK, View(), UnitSpec())
SINGLE = frozenset({"opt", "lr"})
TRIES = {
    "line": {"act": "identity", "width": 128, "data": "parabola", "lr": (0.01,)},
    "few": {"act": "relu", "width": 3, "data": "sine", "lr": (0.01,)},
    "plane": {"act": "relu", "width": 20, "data": "saddle", "lr": (0.01,)},
}

text = current()
prose = Prose(Path(__file__).parent, text.language)


def arrive() -> situation.Situation:
    """Return the page's situation; every figure shows a part of it."""
    return situation.arrive(PAGE, FORM, DEFAULTS, single=SINGLE)


@st.fragment
def one_unit() -> None:
    """A unit whose coefficients the reader sets, its activation, and the derivative."""
    here = arrive()
    with figure(text("transformer.unit_figure")):
        unit_controls(text)
        *_, unit = here.read()
        unit_charts(unit, text)
        st.markdown(f"**{text('result.space').join(unit_sentences(unit, text))}**")


@st.fragment
def many_units() -> None:
    """A network in training: what each unit adds, their sum or folds, the fit, the loss."""
    here = arrive()
    with figure(text("transformer.sum_figure")):
        network_controls(text)
        experiment, view, _ = here.read()
        history = trained(experiment, text)
        if history is None:
            return
        shown = network(history, view, text)
        step = player(
            shown.charts,
            steps=experiment.steps,
            step=experiment.steps if view.step is None else view.step,
            series=(),
            text=text,
            key=LOSS_VS_STEP,
        )
        kept_note(history, text)
        st.markdown(f"**{text('result.space').join(shown.sentences)}**")
        things_to_try(here, PAGE, TRIES, text, TRAINED)
        share.bar(here, text, step=step, script=lambda: script(experiment, text(f"shell.page.{PAGE}.title")))


@st.fragment
def how_many() -> None:
    """The fitted loss against the width, for several activations."""
    here = arrive()
    with figure(text("transformer.widths_figure")):
        controls.pick("shape", text("control.data"), tuple(DATA_SETS), lambda v: text(f"data.{v}"))
        *_, unit = here.read()
        found = widths.computed(unit.shape, text)
        if found is None:
            return
        shown = widths.figure(unit.shape, found, text)
        st.vega_lite_chart(spec=shown.spec, alt=shown.alt)
        st.markdown(f"**{shown.sentence}**")
        st.caption(widths.note(text))


situation.show_problems(arrive(), text)
st.title(text(f"shell.page.{PAGE}.title"))
prose.show("intro")
one_unit()
prose.show("after_unit")
many_units()
prose.show("why_line")
prose.show("how_many")
how_many()
prose.show("after_widths")
next_page("transformer", text)
