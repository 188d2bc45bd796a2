"""Controls that several scenes of this page have."""

from typing import Any

import pandas as pd
import streamlit as st

from core.catalogue.optimizers import named
from core.link.forms import Specs
from core.text import Text
from core.ui import controls
from core.ui.situation import present
from pages.unknowns.formula_fit import BOUND, FORMULAS, FormulaFit
from pages.unknowns.formulas import GRID, data_key, ground

LAST_SEED = 10**6
#: The most tries that are kept, for as long as the session and the data last.
MOST_TRIES = 200
_TRIES = "unknowns.tries"


def optimizers(name: str, text: Text) -> None:
    """Choose which optimizers walk, at least one."""
    st.pills(text("control.opt"), named(), selection_mode="multi", key=name)


def formula(text: Text) -> None:
    """Choose the formula."""
    controls.either("formula", text("unknowns.formula"), tuple(FORMULAS), lambda v: text(f"unknowns.formulas.{v}"))


def points(_: Specs, text: Text) -> None:
    """Show which points a formula's coefficients are sought from."""
    new_data("seed", text)
    controls.ladder("noise", text("control.noise"))
    controls.ladder("n", text("control.n"))


def new_data(name: str, text: Text) -> None:
    """Offer other data from the next seed."""
    seed = st.session_state[name]
    st.button(
        text("unknowns.new_data", seed=seed),
        key=f"new.{name}",
        icon=":material/casino:",
        on_click=present().set,
        args=({name: (seed + 1) % (LAST_SEED + 1)},),
    )


def coefficients(text: Text, *names: str) -> None:
    """Show sliders of coefficients beside each other, named by their symbols in the chosen formula."""
    symbols = FORMULAS[st.session_state["formula"]].symbols
    every = {round(i * GRID, 2) for i in range(round(-BOUND / GRID), round(BOUND / GRID) + 1)}
    with st.container(key=f"pair_{names[0]}"):
        for name, symbol in zip(names, symbols, strict=True):
            options = sorted(every | {st.session_state[name]})
            label = text("unknowns.coefficient", symbol=symbol)
            st.select_slider(label, options, format_func=lambda c: f"{c:.2f}".replace("-", "−"), key=name)


def tries(spec: FormulaFit) -> pd.DataFrame:
    """Note the reader's present guess; return number, c1, c2, loss and best so far of the tries on these data.

    The present one is the last; one that comes back, with Back or by hand, keeps its number.
    """
    kept: dict[str, Any] = st.session_state.setdefault(_TRIES, {})
    key = data_key(spec)
    if kept.get("key") != key:
        kept.clear()
        kept.update(key=key, tries=[], count=0)
    guess = (spec.t1, spec.t2)
    if again := [row for row in kept["tries"] if row[1:3] == guess]:
        kept["tries"] = [row for row in kept["tries"] if row[1:3] != guess] + again
    else:
        kept["count"] += 1
        loss = ground(spec).sample.loss_at(spec.t1, spec.t2)
        kept["tries"] = [*kept["tries"], (kept["count"], spec.t1, spec.t2, loss)]
        if len(kept["tries"]) > MOST_TRIES:  # the best one stays
            best = min(kept["tries"], key=lambda row: row[3])
            kept["tries"].remove(kept["tries"][1 if kept["tries"][0] == best else 0])
    frame = pd.DataFrame(kept["tries"], columns=["number", "c1", "c2", "loss"])
    return frame.assign(best=frame.sort_values("number")["loss"].cummin())
