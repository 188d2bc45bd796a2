"""What a reader sets of the loop that all three share, and its lines."""

from typing import Any

import streamlit as st

from core.link.forms import Specs
from core.text import Text
from core.ui import controls, stepper

#: The loop, as it is run; blocks of code would load a highlighter before the first chart.
LINES = ("loss = loss_of(model(x), y)", "opt.zero_grad()", "loss.backward()", "opt.step()")


def show(text: Text) -> None:
    """Show how far a step goes, and how noisy the points are."""
    stepper.rate(text)
    controls.ladder("noise", text("control.noise"))


def below(_: Any, specs: Specs, text: Text, step: int | None) -> None:
    """Show the lines that all three have in common."""
    with st.container(key="lines"):
        st.markdown(text("home.same.lines"))
        st.markdown("  \n".join(f"`{line}`" for line in LINES))
