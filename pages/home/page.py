"""Placeholder."""

from pathlib import Path

import streamlit as st

from core.ui.language import current
from core.ui.prose import Prose

text = current()
prose = Prose(Path(__file__).parent, text.language)

st.title(text("shell.page.home.title"))
prose.show("intro")
