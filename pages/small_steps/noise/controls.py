"""What a reader sets in this scene."""

import streamlit as st

from core.text import Text
from core.ui import stepper


def show(text: Text) -> None:
    """Show what the figure is about."""
    best = st.session_state["rates"] == "best"
    stepper.ladder("batches.lr", text("control.lr"), text, disabled=best)
