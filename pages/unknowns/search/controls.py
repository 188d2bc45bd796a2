"""What a reader sets on the map."""

import streamlit as st

from core.link.forms import Specs
from core.text import Text
from core.ui import controls, stepper
from pages.unknowns.controls import coefficients, formula, optimizers, points


def show(text: Text) -> None:
    """Show the guess, and who walks from it."""
    formula(text)
    coefficients(text, "t1", "t2")
    st.toggle(text("unknowns.fit"), key="fit")
    if st.session_state["fit"]:
        optimizers("opt", text)
        stepper.ladder("lr", text("control.lr"), text)


def data(specs: Specs, text: Text) -> None:
    """Show which data there are, and for how long optimizers walk."""
    points(specs, text)
    controls.ladder("steps", text("unknowns.steps"))


FOLDS = {"data": data}
