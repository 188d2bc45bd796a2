"""What a reader writes, and what PyTorch runs of it."""

from typing import Any

import streamlit as st

from core.expression.parser import parse
from core.link.forms import Specs
from core.text import Text
from core.ui import controls


def show(text: Text) -> None:
    """Show where a loss is written."""
    controls.expression(text)


def below(_: Any, specs: Specs, text: Text, step: int | None) -> None:
    """Show it as PyTorch runs it."""
    code = parse(specs[2].loss("own").expression).code
    st.markdown(f"`r = prediction - y`  \n`loss = ({code}).mean()`")  # a block of code would load a highlighter first
