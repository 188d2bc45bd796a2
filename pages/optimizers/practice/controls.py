"""The table on the screen: there is nothing to set."""

import streamlit as st

from core.link.forms import Specs
from core.text import Text
from core.ui.kept import store
from pages.optimizers.practice.compute import Practice
from pages.optimizers.practice.figure import cells


def below(result: Practice, _: Specs, text: Text, step: int | None) -> None:
    """Show who ends lowest on which data set."""
    key = ("optimizers.practice.cells", text.language)
    st.table(store().made(key, lambda: cells(result.rows, text)), border="horizontal")
