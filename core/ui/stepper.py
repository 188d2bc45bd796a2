"""A ladder as a stepper: − and +, a track to drag or tap, arrow keys; a swipe up or down scrolls the page."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core.text import Text
from core.ui.controls import number, rungs

HERE = Path(__file__).parent

_STEPPER = st.components.v2.component(
    "small_steps_stepper",
    html=(HERE / "stepper.html").read_text(encoding="utf-8"),
    css=(HERE / "stepper.css").read_text(encoding="utf-8"),
    js=(HERE / "stepper.js").read_text(encoding="utf-8"),
)


def rate(text: Text, *, disabled: bool = False) -> None:
    """Choose the common learning rate."""
    ladder("lr", text("control.lr"), text, disabled=disabled)


def ladder(name: str, label: str, text: Text, show: Callable[[Any], str] = number, *, disabled: bool = False) -> None:
    """Step along the ladder of the link name's last part."""
    stepper(name, label, rungs(name), show, text, disabled=disabled)


def stepper(
    name: str,
    label: str,
    options: Sequence[Any],
    show: Callable[[Any], str],
    text: Text,
    *,
    disabled: bool = False,
    on_change: Callable[[], None] = lambda: None,
) -> None:
    """Choose `st.session_state[name]` from the options; the value is no widget's, so it outlives the control."""
    key = f"{name}.stepper"

    def take() -> None:
        report = st.session_state[key].get("at")
        place = report.get("place") if isinstance(report, dict) else None
        if isinstance(place, int) and 0 <= place < len(options):
            st.session_state[name] = options[place]
            on_change()

    data = {
        "label": label,
        "labels": [show(option) for option in options],
        "at": options.index(st.session_state[name]),
        "disabled": disabled,
        "less": text("scene.less", label=label),
        "more": text("scene.more", label=label),
    }
    _STEPPER(data=data, key=key, on_at_change=take)
