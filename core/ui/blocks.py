"""What pages are made of: figures, the race in its player, results, things to try, formulas, the way on."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import streamlit as st

from core.engine.history import History
from core.export.latex import ONE_RULE, coefficients, formula
from core.link.forms import EXPERIMENT
from core.player import player
from core.spec.experiment import Optimizer, View
from core.text import Text
from core.ui import language
from core.ui.prose import COLUMN
from core.ui.race import parted_sentences, race
from core.ui.results import twin
from core.ui.sections import SECTIONS
from core.ui.situation import Situation, figure_of

#: The key of the element with the loss-versus-step chart, on every page that has one.
LOSS_VS_STEP = "loss_vs_step"
#: What decides a training, and not how it is looked at: what a thing to try of a training is about.
TRAINED = tuple(name for name in EXPERIMENT.names if name not in ("scale", "smooth", "full", "by", "step"))


@contextmanager
def figure(title: str) -> Iterator[None]:
    """Frame a figure under a title that says what to see."""
    with st.container(border=True):
        st.header(title, anchor=False)
        with figure_of(title):
            yield


def things_to_try(
    here: Situation,
    page: str,
    tries: Mapping[str, Mapping[str, Any]],
    text: Text,
    names: Collection[str] = (),
) -> None:
    """Show a button for each thing to try; the one pressed last says what to look for.

    `names` are all that its figure depends on: they come back to the page's defaults where a try does not set them.
    """
    st.markdown(f"**{text('try.title')}**")
    with st.container(horizontal=True):
        for name, changes in tries.items():
            st.button(
                text(f"{page}.try.{name}"),
                key=f"try.{page}.{name}",
                icon=":material/science:",
                on_click=here.try_out,
                args=(changes, names, f"{page}.try.{name}_look"),
            )
    if look_for := here.looks_for(page):
        st.info(text(look_for), icon=":material/visibility:")


def race_player(history: History, view: View, text: Text) -> int:
    """Show the race in the player; return the step the reader is at."""
    shown = race(history, view, text)
    steps = history.experiment.steps
    return player(
        shown.charts,
        steps=steps,
        step=steps if view.step is None else view.step,
        series=shown.series,
        text=text,
        key=LOSS_VS_STEP,
    )


def kept_note(history: History, text: Text) -> None:
    """Say at how many steps the coefficients were kept, and curves can be drawn, if not at all of them."""
    count, steps = len(history.snapshot_steps), history.experiment.steps
    if count <= steps:
        st.caption(text("player.kept", count=count, steps=f"{steps:,}"))


@contextmanager
def results(history: History, view: View, text: Text) -> Iterator[None]:
    """Say what the race shows, and give the numbers; at the end, under these, what rounding decides.

    That takes a training of its own: what is drawn within is not to wait for it.
    """
    shown = race(history, view, text)
    st.markdown(f"**{text('result.space').join(shown.sentences)}**")
    for sentence in shown.failures:
        st.caption(sentence)
    where = "gpu" if history.device == "cuda" else "cpu"
    st.table(shown.table, hide_index=True, border="horizontal")
    rounding = st.container()
    count = len(history.runs)
    runs = text("result.runs_one") if count == 1 else text("result.runs_many", runs=f"{count:,}")
    st.caption(text(f"result.trained_on_{where}", runs=runs, steps=f"{history.experiment.steps:,}"))
    yield
    with rounding:
        if other := twin(history, text):
            for sentence in parted_sentences(history, other, text):
                st.caption(sentence)


def formula_block(optimizer: Optimizer, rate: float, numbers: bool) -> None:
    """Typeset one optimizer's rule."""
    with st.container(width=COLUMN):
        # the name above, not beside: a phone has no room for both
        rule = formula(optimizer, rate, numbers)
        st.latex(rf"\begin{{gathered}}\textsf{{{optimizer.name}}} \\ {rule}\end{{gathered}}")


def one_rule(text: Text) -> None:
    """Typeset the rule behind every method, and give the numbers that make each."""
    with st.container(width=COLUMN):
        st.latex(ONE_RULE)
    numbers = coefficients().map(lambda number: number.replace("-", "−"))  # a hyphen would break the line
    numbers.index.name = text("optimizers.method")
    st.table(numbers, border="horizontal")


def page_list(text: Text) -> None:
    """Link to every page but the first, each with what it is about."""
    for section in SECTIONS[1:]:
        with st.container(width=COLUMN, gap="xsmall"):
            st.page_link(
                section.script,
                label=text(f"shell.page.{section.key}.title"),
                icon=section.icon,
                query_params=language.link_parameters(),
            )
            st.caption(text(f"shell.page.{section.key}.description"))


def next_page(page: str, text: Text) -> None:
    """Link to the page that comes after this one, by its title; from the last one back to the first."""
    here = next(i for i, s in enumerate(SECTIONS) if s.key == page)
    last = here + 1 == len(SECTIONS)
    section = SECTIONS[0 if last else here + 1]
    label = text(f"shell.{'back' if last else 'next'}", title=text(f"shell.page.{section.key}.title"))
    st.space("medium")
    st.page_link(section.script, label=label, icon=":material/arrow_forward:", query_params=language.link_parameters())
