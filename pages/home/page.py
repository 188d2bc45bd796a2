"""Home: what this is, the race already run, and the way on."""

from pathlib import Path

import streamlit as st

from core.spec import Experiment, View
from core.ui.blocks import figure, page_list, race_player, results
from core.ui.language import current
from core.ui.prose import Prose
from core.ui.results import trained

text = current()
prose = Prose(Path(__file__).parent, text.language)

st.title(text("shell.page.home.title"))
prose.show("intro")
with figure(text("optimizers.figure")):
    history = trained(Experiment(), text)
    if history is not None:
        race_player(history, View(), text)
        results(history, View(), text)
prose.show("after")
prose.show("who")
page_list(text)
