"""Controls that several scenes of this page have."""

from collections.abc import Callable

import streamlit as st

from core.catalogue.losses import LOSSES
from core.link.forms import Specs
from core.text import Text
from core.ui import controls, stepper


def losses(name: str, label: str, text: Text) -> None:
    """Choose some losses."""
    st.pills(label, tuple(LOSSES), selection_mode="multi", format_func=lambda v: text(f"loss.{v}"), key=name)


def parameters_of(name: str) -> Callable[[Specs, Text], None]:
    """Return the fold with the parameters of the losses chosen under a name."""

    def show(_: Specs, text: Text) -> None:
        chosen = st.session_state[name]
        controls.loss_parameters([chosen] if isinstance(chosen, str) else chosen, text)

    return show


def three(name: str, text: Text) -> None:
    """Set three numbers, logits z or residuals r."""
    for i in range(1, 4):
        stepper.ladder(f"{name}.{i}", text(f"objective.{name}", i="₁₂₃"[i - 1]), text)
