"""The data and the network of all figures, folded away."""

import streamlit as st

from core.catalogue.data_sets import ONE_INPUT
from core.engine.network import ACTIVATIONS
from core.text import Text
from core.ui import controls


def fold(text: Text) -> None:
    """Show what the data and the network are behind a button."""
    with st.popover(text("small_steps.network"), icon=":material/tune:"):
        st.caption(text("small_steps.network_note"))
        controls.pick("data", text("control.data"), ONE_INPUT, lambda v: text(f"data.{v}"))
        controls.ladder("noise", text("control.noise"))
        controls.ladder("width", text("control.width"))
        controls.pick("act", text("control.act"), tuple(ACTIVATIONS), lambda v: text(f"activation.{v}"))
