"""Controls behind a button."""

from collections.abc import Callable

import streamlit as st


def fold(key: str, label: str, show: Callable[[], None]) -> None:
    """Show controls behind a button; while it is closed they are not even made."""
    place = st.popover(label, key=f"more.{key}", on_change="rerun")
    if place.open:
        with place:
            show()
