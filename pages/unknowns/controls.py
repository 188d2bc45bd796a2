"""Controls that several scenes of this page have."""

import streamlit as st

from core.catalogue.optimizers import METHODS
from core.formula_fit import BOUND, FORMULAS
from core.text import Text
from core.ui.formulas import LATEX
from core.ui.situation import present

LAST_SEED = 10**6


def optimizers(name: str, text: Text) -> None:
    """Choose which optimizers walk, at least one."""
    st.pills(text("control.opt"), tuple(METHODS), selection_mode="multi", key=name)


def new_data(name: str, text: Text) -> None:
    """Offer other data from the next seed."""
    seed = st.session_state[name]
    st.button(
        text("unknowns.new_data", seed=seed),
        key=f"new.{name}",
        icon=":material/casino:",
        on_click=present().set,
        args=({name: (seed + 1) % (LAST_SEED + 1)},),
    )


def coefficients(*names: str) -> None:
    """Show sliders of coefficients beside each other, under their symbols in the chosen formula."""
    symbols = FORMULAS[st.session_state["formula"]].symbols
    with st.container(key=f"pair_{names[0]}"):
        for name, symbol in zip(names, symbols, strict=True):
            st.slider(f"${LATEX.get(symbol, symbol)}$", -BOUND, BOUND, step=0.05, key=name)
