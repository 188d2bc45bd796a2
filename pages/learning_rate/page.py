"""Learning rate: loss against step for every optimizer and rate, and where training works and fails."""

from pathlib import Path

import streamlit as st

from core.export import script
from core.player import player
from core.spec.experiment import LADDER, View
from core.ui import controls
from core.ui import page_share as share
from core.ui import page_situation as situation
from core.ui.blocks import LOSS_VS_STEP, TRAINED, figure, next_page, things_to_try
from core.ui.language import current
from core.ui.prose import Prose
from core.ui.rates import FORM, notes, panels, sweep, whole_ladder
from core.ui.results import chosen_rates, trained
from core.ui.warm import LEARNING_RATE

PAGE = "learning_rate"
TRIES = {
    "tiny": {"lr": (0.0001, 0.0003), "width": 20},
    "edge": {"lr": (0.03, 0.1, 0.3, 1.0), "opt": ("SGD", "Momentum"), "width": 20},
    "others": {"lr": LEARNING_RATE.learning_rates, "width": 1, "opt": ("SGD", "Momentum", "RMSprop", "Adam")},
}

text = current()
prose = Prose(Path(__file__).parent, text.language)
DEFAULTS = (LEARNING_RATE, View())


@st.fragment
def rates() -> None:
    """Both figures, under one set of controls: they show the same trainings."""
    here = situation.arrive(PAGE, FORM, DEFAULTS)
    with figure(text("rates.figure")):
        controls.optimizers(text)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            controls.either("by", text("control.by"), ("optimizer", "rate"), lambda v: text(f"control.by_{v}"))
            controls.either("scale", text("control.scale"), ("linear", "log"), lambda v: text(f"control.scale_{v}"))
        controls.rates(LADDER, text)
        folded = st.container()
        experiment, view = here.read()
        with folded:
            controls.more([o.name for o in experiment.optimizers], text)
        history = trained(whole_ladder(experiment), text)
        if history is None:
            return
        step = player(
            panels(history, experiment.learning_rates, view, text),
            steps=experiment.steps,
            step=experiment.steps if view.step is None else view.step,
            series=(),
            text=text,
            key=LOSS_VS_STEP,
        )
        for note in notes(history, experiment.learning_rates, view, text):
            st.caption(note)
        things_to_try(here, "rates", TRIES, text, TRAINED)
        share.bar(here, text, step=step, script=lambda: script(history.experiment, text(f"shell.page.{PAGE}.title")))
    prose.show("after_panels")
    prose.show("sweep_title")
    prose.show("sweep")
    with figure(text("rates.sweep_figure")):
        best = chosen_rates(history.experiment, text)
        if best is None:
            return
        shown = sweep(history, best, text)
        st.vega_lite_chart(spec=shown.spec, alt=shown.alt)
        st.markdown("\n".join(f"- {sentence}" for sentence in shown.sentences))


situation.show_problems(situation.arrive(PAGE, FORM, DEFAULTS), text)
st.title(text(f"shell.page.{PAGE}.title"))
prose.show("intro")
rates()
prose.show("after_sweep")
next_page("learning_rate", text)
