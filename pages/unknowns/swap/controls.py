"""What a reader sets of the formula."""

import pandas as pd
import streamlit as st

from core.link.forms import Specs
from core.text import Text
from core.ui.situation import present
from pages.unknowns.controls import coefficients, formula, points
from pages.unknowns.formula_fit import FORMULAS
from pages.unknowns.formulas import best, latex


def show(text: Text) -> None:
    """Show the formula, and both pairs of coefficients."""
    formula(text)
    for words, names in (("known", ("c1", "c2")), ("asked", ("t1", "t2"))):
        st.markdown(f"**{text(f'unknowns.{words}')}**")
        coefficients(text, *names)


FOLDS = {"data": points}


def below(found: tuple[None, pd.DataFrame], specs: Specs, text: Text, step: int | None) -> None:
    """Typeset both formulas, and offer the way back to the best try."""
    spec, tried = specs[0], found[1]
    formula = FORMULAS[spec.formula]
    with st.container(key="formulas"):
        st.latex(latex(formula, spec.c1, spec.c2))
        st.latex(formula.loss)
    lowest = best(tried)
    st.button(
        text("unknowns.best"),
        key="best",
        icon=":material/keyboard_return:",
        disabled=bool(lowest["loss"] == tried["loss"].iloc[-1]),
        on_click=present().set,
        args=({"t1": float(lowest["c1"]), "t2": float(lowest["c2"])},),
    )
