"""What a reader sets on the map."""

import streamlit as st

from core.link.forms import Specs
from core.text import Text
from core.ui import controls, stepper
from pages.unknowns.controls import coefficients, new_data, optimizers
from pages.unknowns.formula_fit import FORMULAS


def show(text: Text) -> None:
    """Show the guess, and who walks from it."""
    controls.either("formula", text("unknowns.formula"), tuple(FORMULAS), lambda v: text(f"unknowns.formulas.{v}"))
    coefficients(text, "t1", "t2")
    st.toggle(text("unknowns.fit"), key="fit")
    if st.session_state["fit"]:
        optimizers("opt", text)
        stepper.ladder("lr", text("control.lr"), text)


def data(_: Specs, text: Text) -> None:
    """Show which data there are, and for how long optimizers walk."""
    new_data("seed", text)
    controls.ladder("noise", text("control.noise"))
    controls.ladder("n", text("control.n"))
    controls.ladder("steps", text("unknowns.steps"))


FOLDS = {"data": data}
