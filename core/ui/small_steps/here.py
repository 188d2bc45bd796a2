"""The page's situation, shared by its fragments."""

import streamlit as st

from core.small_steps import FORM, SmallSteps
from core.ui import situation
from core.ui.situation import Situation

PAGE = "small_steps"
DEFAULTS = (SmallSteps(),)
_MOVED = "small_steps.moved"


def arrive() -> Situation:
    """Return the page's situation."""
    return situation.arrive(PAGE, FORM, DEFAULTS)


def note_moved(here: Situation) -> None:
    """Note whether the page is drawn away from what a link said; called once, before its fragments."""
    here.read()
    st.session_state[_MOVED] = here.moved


def settings(here: Situation) -> SmallSteps:
    """Return what the widgets say; reruns the page where its bar has to offer the way back, or no longer."""
    (spec,) = here.read()
    if here.moved != st.session_state[_MOVED]:
        st.rerun()
    return spec
