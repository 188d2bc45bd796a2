"""The numbers of a step as a small table that follows the player: a column an optimizer, a row a quantity."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.charts.layers import FONT, Layer, Layered, keep, label, make, pixels, stack
from core.charts.rows import csv_rows
from core.charts.saved import Saved
from core.charts.style import NEUTRAL, OPTIMIZERS

#: The quantities by the letter of their columns, as a reader knows them.
QUANTITIES = {"g": "g", "m": "m", "r": "√v", "u": "Δ", "p": "θ"}
#: What they are called in a file.
_SAVED = {"g": "slope", "m": "first_moment", "r": "root_v", "u": "update", "p": "coefficient"}
_TOP, _ROW = 14, 22  # px of the names, and from one row to the next
_NAMES = 0.07  # of the width, what the quantities take


def numbers_chart(
    frame: pd.DataFrame, names: Sequence[str], shown: Sequence[Sequence[str]], *, step: int, height: int
) -> Layered:
    """The numbers of each optimizer at the player's step; `frame` as `Looked.frame`, `shown` its columns a row each.

    An optimizer that does not use a quantity has "–" there.
    """
    columns = [str(c) for c in frame if c != "step"]
    plain = {"fontSize": FONT + 1, "fontWeight": "normal", "align": "left"}
    now = "datum.step === step"

    def words(text: str, x: float, y: int, **look: str) -> Layer:
        place = {"x": pixels(f"{x:.4g} * width"), "y": pixels(str(y))}
        rows = [keep(now), *make(words=text)]
        return label(plain | look, transform=rows, text=alt.Text("words:N"), **place)

    layers = []
    for k, name in enumerate(names):
        x = _NAMES + k * (1 - _NAMES) / len(names)
        layers.append(words(f"'{name}'", x, _TOP, color=OPTIMIZERS[name].colour, fontWeight="bold"))
        for row, quantity in enumerate(QUANTITIES, 1):
            column = f"{quantity}_{k}"
            layers.append(words(_said(column) if column in shown[k] else "'–'", x, _TOP + row * _ROW))
    for row, quantity in enumerate(QUANTITIES.values(), 1):
        layers.append(words(f"'{quantity}'", 0, _TOP + row * _ROW, color=NEUTRAL))
    series = [({"optimizer": name}, {c: f"{q}_{k}" for q, c in _SAVED.items()}) for k, name in enumerate(names)]
    saved = Saved({c: c for c in ("step", "optimizer", *_SAVED.values())}, series)
    params = [alt.VariableParameter(name="step", value=step)]
    return stack(layers, csv_rows(frame, ["step", *columns]), height, params, saved=saved)


def _said(column: str) -> str:
    """A Vega expression for a number of three digits, "–" where there is none."""
    value = f"datum.{column}"
    form = f"abs({value}) < 0.001 || abs({value}) >= 100000 ? '.2e' : '.3~r'"
    return f"!isValid({value}) ? '–' : {value} === 0 ? '0' : format({value}, {form})"
