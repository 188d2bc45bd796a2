"""What a reader sets in the panels."""

import streamlit as st

from core.link.forms import Specs
from core.spec.experiment import LADDER
from core.text import Text
from core.ui import controls


def show(text: Text) -> None:
    """Show who takes part, at which rates, and how the panels are cut."""
    controls.optimizers(text)
    controls.rates(LADDER, text)
    with st.container(horizontal=True, key="choices"):
        controls.either("by", text("control.by"), ("optimizer", "rate"), lambda v: text(f"control.by_{v}"))
        controls.either("scale", text("control.scale"), ("linear", "log"), lambda v: text(f"control.scale_{v}"))


def hyperparameters(specs: Specs, text: Text) -> None:
    """Show the hyperparameters of those that take part."""
    controls.hyperparameters([o.name for o in specs[0].optimizers], text, own=False)


FOLDS = {
    "hyper": hyperparameters,
    "data": lambda specs, text: controls.data_and_network(text),
    "training": lambda specs, text: controls.training(text, full=False),
}
