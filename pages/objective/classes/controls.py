"""What a reader sets of the classes, and the tables under the figure."""

from typing import Any

import streamlit as st

from core.link.forms import Specs
from core.text import Text
from core.ui import controls
from pages.objective.classes.tables import CLASSES, MORE_CLASSES, class_table, reduction_table
from pages.objective.controls import three


def show(text: Text) -> None:
    """Show the three logits, and which class is right."""
    three("z", text)
    controls.either("class", text("objective.entropy.right"), (1, 2, 3), str)


def reductions(_: Specs, text: Text) -> None:
    """Show the three residuals."""
    three("r", text)


FOLDS = {"reductions": reductions}


def below(_: Any, specs: Specs, text: Text, step: int | None) -> None:
    """Show what a reduction does, and which classes PyTorch has."""
    st.markdown(f"**{text('objective.reductions.title')}**")
    st.table(reduction_table(specs[2], text), hide_index=True, border="horizontal")
    for name, rows in (("classes", CLASSES), ("more", MORE_CLASSES)):
        place = st.expander(text(f"objective.table.{name}"), key=f"fold.{name}", on_change="rerun")
        if place.open:
            with place:
                st.table(class_table(rows, text), hide_index=True, border="horizontal")
