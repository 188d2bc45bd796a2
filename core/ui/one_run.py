"""The folded controls of a figure that shows a single run: its optimizer, its rate, and how long it trains."""

import streamlit as st

from core.catalogue.optimizers import named
from core.text import Text
from core.ui import controls


def steps(text: Text) -> None:
    """Show who trains the run, how far each step goes, and how many there are."""
    options = dict.fromkeys((*named(), st.session_state["opt"]))  # whose numbers can be set elsewhere only
    controls.pick("opt", text("one_run.optimizer"), tuple(options), str)
    controls.ladder("lr", text("control.lr"))
    controls.batch(text)
    controls.ladder("epochs", text("control.epochs"))


def training(text: Text) -> None:
    """Show how the run trains, and how its loss is drawn."""
    steps(text)
    controls.either("scale", text("control.scale"), ("linear", "log"), lambda v: text(f"control.scale_{v}"))


def data(text: Text) -> None:
    """Show how much data there is, how noisy, and what the loss should get below."""
    controls.ladder("noise", text("control.noise"))
    controls.ladder("n", text("control.n"))
    controls.ladder("target", text("control.target"))
