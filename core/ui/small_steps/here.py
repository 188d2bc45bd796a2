"""The page's situation, shared by its fragments."""

import streamlit as st

from core.small_steps import FORM, SmallSteps
from core.ui import page_situation as situation
from core.ui.page_situation import Situation

PAGE = "small_steps"
_DRAWN = "small_steps.drawn"
DEFAULTS = (SmallSteps(),)


def arrive() -> Situation:
    """Return the page's situation."""
    return situation.arrive(PAGE, FORM, DEFAULTS)


def settings(here: Situation) -> SmallSteps:
    """Return what the widgets say; reruns the page where its bar has to offer the way back, or no longer.

    So it does where a thing to try has changed the network that all figures share.
    """
    (spec,) = here.read()
    here.keep_up()
    if spec.network != st.session_state.setdefault(_DRAWN, spec.network):
        st.rerun()
    return spec


def begin(here: Situation) -> None:
    """Note what the whole page is being drawn with, once the controls of its network are there."""
    here.note_drawn()
    st.session_state[_DRAWN] = here.specs[0].network
