"""What the page's figures have in common."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core.charts.axes import Axes, Domain, Scale
from core.charts.style import Style
from core.player import Chart, Series, player
from core.text import Text


@dataclass(frozen=True)
class Shown:
    """Charts and read-out for the player, and the result in words."""

    charts: tuple[Chart, ...]
    series: tuple[Series, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...] = ()  # how it was made, in small print


def read_out(names: Sequence[str], styles: Sequence[Style], frame: pd.DataFrame) -> tuple[Series, ...]:
    """Return the player's read-out of the columns c0, c1, … of a frame with a row a step."""
    return tuple(
        Series(name, style.colour, style.dash, frame[f"c{i}"].astype(float).tolist())
        for i, (name, style) in enumerate(zip(names, styles, strict=True))
    )


def axes(steps: int, domain: Domain, height: int, scale: Scale = "log") -> Axes:
    """Return axes without a target, opened at the last step."""
    return Axes(loss_name="", steps=steps, step=steps, target=math.nan, scale=scale, domain=domain, height=height)


def play(shown: Shown | None, key: str, steps: int, text: Text) -> None:
    """Show charts in a player of their own, opened at the last step, and what they say under it."""
    if shown is not None:
        player(shown.charts, steps=steps, step=steps, series=shown.series, text=text, key=key)
        say(shown.sentences, shown.notes)


def say(sentences: Sequence[str], notes: Sequence[str]) -> None:
    """Write the result: its first sentence strong, the others under it, notes in small print."""
    first, *others = sentences
    st.markdown(f"**{first}**")
    for sentence in others:
        st.markdown(sentence)
    for note in notes:
        st.caption(note)


def still(title: str, spec: dict, alt: str) -> None:
    """Show a chart that does not move under its title."""
    st.markdown(f"**{title}**")
    st.vega_lite_chart(spec=spec, alt=alt)
