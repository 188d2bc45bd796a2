"""What a reader sets in this scene."""

import streamlit as st

from core.text import Text
from core.ui import controls, stepper


def show(text: Text) -> None:
    """Show what the figure is about."""
    kinds = ("same", "best")
    controls.either("rates", text("control.rates"), kinds, lambda v: text(f"small_steps.batches.rates_{v}"))
    best = st.session_state["rates"] == "best"
    stepper.ladder("batches.lr", text("control.lr"), text, disabled=best)
