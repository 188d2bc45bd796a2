"""What a reader sets in one unit."""

import streamlit as st

from core.catalogue.activations import ACTIVATIONS
from core.text import Text
from core.ui import controls, stepper


def show(text: Text) -> None:
    """Show the formula, its coefficients and the activation."""
    st.markdown(r"$v\cdot a(w\,x+b)$")
    controls.pick("unit.act", text("control.act"), tuple(ACTIVATIONS), lambda v: text(f"activation.{v}"))
    for name, label in (("unit.w", "weight"), ("unit.b", "bias"), ("unit.v", "output")):
        stepper.ladder(name, text(f"transformer.{label}"), text)
