"""What a reader sets beside an activation and its derivative."""

import streamlit as st

from core.catalogue.activations import ACTIVATIONS
from core.text import Text
from core.ui import controls, stepper


def show(text: Text) -> None:
    """Show the activation with both formulas, and the unit's weight and bias."""
    controls.pick("unit.act", text("control.act"), tuple(ACTIVATIONS), lambda v: text(f"activation.{v}"))
    kind = ACTIVATIONS[st.session_state["unit.act"]]
    st.markdown(rf"$a={kind.formula}$  ")
    st.markdown(rf"$a'={kind.slope}$")
    for name, label in (("unit.w", "weight"), ("unit.b", "bias")):
        stepper.ladder(name, text(f"transformer.{label}"), text)
