"""The folded controls of a figure that shows a single run: its optimizer, its rate, and how long it trains."""

from collections.abc import Callable

import streamlit as st

from core.methods import METHODS
from core.text import Text
from core.ui import controls


def fold(part: str, show: Callable[[], None], text: Text) -> None:
    """Show controls behind a button; while it is closed they are not even made."""
    place = st.popover(text(f"control.more_{part}"), key=f"more.{part}", on_change="rerun")
    if place.open:
        with place:
            show()


def training(text: Text) -> None:
    """Show how the run trains."""
    full = text("control.full_batch")
    controls.pick("opt", text("one_run.optimizer"), tuple(METHODS), str)
    controls.ladder("lr", text("control.lr"))
    controls.ladder("batch", text("control.batch"), show=lambda v: full if v == "full" else controls.number(v))
    controls.ladder("epochs", text("control.epochs"))
    controls.either("scale", text("control.scale"), ("linear", "log"), lambda v: text(f"control.scale_{v}"))


def data(text: Text) -> None:
    """Show how much data there is, how noisy, and what the loss should get below."""
    controls.ladder("noise", text("control.noise"))
    controls.ladder("n", text("control.n"))
    controls.ladder("target", text("control.target"))
