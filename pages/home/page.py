"""Home: the four steps of training as four live panels of one run, their code, and the way on."""

from pathlib import Path

import streamlit as st

from core.export.program import program
from core.link.forms import ONE_RUN
from core.player import player
from core.spec.experiment import View
from core.ui import controls
from core.ui import page_share as share
from core.ui import page_situation as situation
from core.ui.blocks import LOSS_VS_STEP, TRAINED, figure, kept_note, next_page, page_list, things_to_try
from core.ui.home import FOUR_STEPS, code_blocks, four_steps, settings, training_of
from core.ui.language import current
from core.ui.prose import Prose
from core.ui.results import trained

PAGE = "home"
DEFAULTS = (FOUR_STEPS, View())
SINGLE = frozenset({"opt", "lr"})
TRIES = {
    "lower": {"target": 0.011, "act": "relu"},
    "below": {"target": 0.005, "act": "relu"},
    "straight": {"target": 0.02, "act": "identity"},
}

text = current()
prose = Prose(Path(__file__).parent, text.language)


@st.fragment
def run() -> None:
    """The panels in their player, the target that stops them, and the program behind them."""
    here = situation.arrive(PAGE, ONE_RUN, DEFAULTS, single=SINGLE)
    with figure(text("home.figure")):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            with st.container(width=230):
                controls.ladder("target", text("home.target"))
            settings(text)
        said = st.empty()
        experiment, view = here.read()
        history = trained(training_of(experiment), text)
        if history is None:
            return
        shown = four_steps(history, experiment.target, view, text)
        said.markdown(f"**{text('result.space').join(shown.sentences)}**")
        stop = experiment.steps if shown.stop is None else shown.stop
        step = player(
            shown.charts,
            steps=experiment.steps,
            step=stop if view.step is None else view.step,
            series=shown.series,
            text=text,
            key=LOSS_VS_STEP,
        )
        kept_note(history, text)
        things_to_try(here, PAGE, TRIES, text, TRAINED)
        code_blocks(program(experiment), text)
        share.bar(here, text, step=step, script=lambda: "\n\n".join(program(experiment)) + "\n")


situation.show_problems(situation.arrive(PAGE, ONE_RUN, DEFAULTS, single=SINGLE), text)
st.title(text(f"shell.page.{PAGE}.title"))
prose.show("intro")
run()
prose.show("after")
prose.show("who")
page_list(text)
next_page("home", text)
