"""Optimizers: the race, what each method adds to the one before, and what practice says."""

from contextlib import ExitStack
from pathlib import Path

import streamlit as st

from core.analysis.best_rates import choosing
from core.analysis.sentences import chosen_sentence
from core.export import optimizer_lines
from core.spec.experiment import Experiment, Optimizer, View
from core.ui import controls, share, situation
from core.ui.blocks import TRAINED, figure, formula_block, next_page, one_rule, race_player, results, things_to_try
from core.ui.language import current
from core.ui.practice import practice_table
from core.ui.prose import Prose
from core.ui.race import FORM
from core.ui.results import fair_race, trained
from core.ui.scripts import race_script

PAGE = "optimizers"
TRIES = {
    "rate": {"lr": (0.3,), "rates": "same", "opt": ("SGD", "Momentum", "RMSprop", "Adam"), "seeds": 1},
    "stop": {"opt": ("SGD", "Momentum"), "momentum.momentum": 0.99, "lr": (0.03,), "rates": "same", "full": True},
    "seeds": {"rates": "best", "seeds": 16, "scale": "log", "opt": ("SGD", "Momentum", "RMSprop", "Adam")},
}

text = current()
prose = Prose(Path(__file__).parent, text.language)
DEFAULTS = (Experiment(), View())


@st.fragment
def race() -> None:
    """The race with its controls, its result in words and numbers, and the code that makes it."""
    here = situation.arrive(PAGE, FORM, DEFAULTS, single=frozenset({"lr"}))
    with ExitStack() as last, figure(text("optimizers.figure")):
        controls.optimizers(text)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            controls.either("rates", text("control.rates"), ("same", "best"), lambda v: text(f"control.rates_{v}"))
            controls.either("scale", text("control.scale"), ("linear", "log"), lambda v: text(f"control.scale_{v}"))
        controls.ladder("lr", text("control.lr"), disabled=st.session_state["rates"] == "best")
        folded = st.container()
        before = here.flat
        experiment, view = here.read()
        asked = experiment if view.rates == "same" else fair_race(experiment, text)
        history = trained(asked, text) if asked else None
        if history is not None:
            step = race_player(history, view, text)
            last.enter_context(results(history, view, text))
            if view.rates == "best":
                st.caption(chosen_sentence(choosing(experiment), text))
            things_to_try(here, "optimizers", TRIES, text, TRAINED)
            st.markdown(f"**{text('optimizers.code')}**")
            st.code(optimizer_lines(history.experiment), language="python", wrap_lines=True)
            share.bar(
                here,
                text,
                step=step,
                script=lambda: race_script(history.experiment, view, text(f"shell.page.{PAGE}.title")),
            )
        with folded:
            controls.more([o.name for o in experiment.optimizers], text)
        if st.session_state.get("numbers") and here.flat != before:
            st.rerun()  # the formulas further down show these numbers


@st.fragment
def rules() -> None:
    """Each method's rule as a formula, with the reader's numbers on request."""
    experiment, _ = situation.arrive(PAGE, FORM, DEFAULTS, single=frozenset({"lr"})).read()
    numbers = st.toggle(text("optimizers.numbers"), key="numbers")
    chosen = {o.name: o for o in experiment.optimizers}
    for part, names in {
        "sgd": ("SGD",),
        "momentum": ("Momentum",),
        "rmsprop": ("RMSprop",),
        "adam": ("Adam",),
        "others": ("Nesterov", "Adagrad", "AdamW"),
    }.items():
        prose.show(part)
        for name in names:
            optimizer = chosen.get(name, Optimizer(name))
            formula_block(optimizer, optimizer.lr or experiment.learning_rates[0], numbers)


situation.show_problems(situation.arrive(PAGE, FORM, DEFAULTS, single=frozenset({"lr"})), text)
st.title(text(f"shell.page.{PAGE}.title"))
prose.show("intro")
race()
prose.show("after_race")
prose.show("rule_title")
prose.show("rule")
one_rule(text)
prose.show("rule_numbers")
rules()
prose.show("practice_title")
prose.show("practice")
practice_table(text)
next_page("optimizers", text)
