"""What a reader sets in a race."""

import streamlit as st

from core.link.forms import Specs
from core.text import Text
from core.ui import controls
from core.ui.stepper import rate


def show(text: Text) -> None:
    """Show who takes part, at whose rates, and on which axis."""
    controls.optimizers(text)
    with st.container(horizontal=True, key="choices"):
        controls.either("rates", text("control.rates"), ("same", "best"), lambda v: text(f"control.rates_{v}"))
        controls.either("scale", text("control.scale"), ("linear", "log"), lambda v: text(f"control.scale_{v}"))
    rate(text, disabled=st.session_state["rates"] == "best")


def hyperparameters(specs: Specs, text: Text) -> None:
    """Show the hyperparameters of those that take part."""
    controls.hyperparameters([o.name for o in specs[0].optimizers], text)


FOLDS = {
    "hyper": hyperparameters,
    "data": lambda specs, text: controls.data_and_network(text),
    "training": lambda specs, text: controls.training(text),
}
