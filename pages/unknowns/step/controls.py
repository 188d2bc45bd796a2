"""What a reader sets beside the steps."""

import streamlit as st

from core.catalogue.optimizers import METHODS
from core.link.forms import Specs
from core.text import Text
from core.ui import controls
from pages.unknowns.controls import new_data
from pages.unknowns.formula_fit import FORMULAS
from pages.unknowns.step.compute import BY_HAND


def show(text: Text) -> None:
    """Show the formula, and who walks beside the steps."""
    controls.either("formula", text("unknowns.formula"), tuple(FORMULAS), lambda v: text(f"unknowns.formulas.{v}"))
    ghosts = tuple(name for name in METHODS if name != BY_HAND)
    st.pills(text("unknowns.step.ghosts"), ghosts, selection_mode="multi", key="opt")


def data(_: Specs, text: Text) -> None:
    """Show which data there are."""
    new_data("seed", text)
    controls.ladder("noise", text("control.noise"))
    controls.ladder("n", text("control.n"))


FOLDS = {"points": data}
