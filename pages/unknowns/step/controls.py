"""What a reader sets beside the steps."""

import streamlit as st

from core.catalogue.optimizers import named
from core.text import Text
from pages.unknowns.controls import formula, points
from pages.unknowns.step.compute import BY_HAND


def show(text: Text) -> None:
    """Show the formula, and who walks beside the steps."""
    formula(text)
    ghosts = tuple(name for name in named() if name != BY_HAND)
    st.pills(text("unknowns.step.ghosts"), ghosts, selection_mode="multi", key="opt")


FOLDS = {"points": points}
