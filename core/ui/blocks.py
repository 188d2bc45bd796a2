"""What pages are made of: figures, the race in its player, results, things to try, formulas, the way on."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import streamlit as st

from core.engine.history import History
from core.link.forms import EXPERIMENT
from core.text import Text
from core.ui import language
from core.ui.page_situation import Situation, figure_of
from core.ui.sections import SECTIONS

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


def kept_note(history: History, text: Text) -> None:
    """Say at how many steps the coefficients were kept, and curves can be drawn, if not at all of them."""
    count, steps = len(history.snapshot_steps), history.experiment.steps
    if count <= steps:
        st.caption(text("player.kept", count=count, steps=f"{steps:,}"))


def next_page(page: str, text: Text) -> None:
    """Link to the page that comes after this one, by its title; from the last one back to the first."""
    here = next(i for i, s in enumerate(SECTIONS) if s.key == page)
    last = here + 1 == len(SECTIONS)
    section = SECTIONS[0 if last else here + 1]
    label = text(f"shell.{'back' if last else 'next'}", title=text(f"shell.page.{section.key}.title"))
    st.space("medium")
    st.page_link(section.script, label=label, icon=":material/arrow_forward:", query_params=language.link_parameters())
