"""The rules typeset, and what a reader sets in them."""

from typing import Any

import streamlit as st

from core.export.latex import ONE_RULE, coefficients, formula
from core.link.forms import Specs
from core.text import Text
from core.ui import controls
from core.ui.language import current
from core.ui.prose import COLUMN, Prose
from core.ui.sections import ROOT
from core.ui.stepper import rate

#: The prose on each method, in the order in which they came.
PARTS = {
    "sgd": ("SGD",),
    "momentum": ("Momentum",),
    "rmsprop": ("RMSprop",),
    "adam": ("Adam",),
    "others": ("Nesterov", "Adagrad", "AdamW"),
}


def show(text: Text) -> None:
    """Show whose rules are typeset, and whether with numbers."""
    controls.optimizers(text)
    rate(text)
    st.toggle(text("optimizers.rule.numbers"), key="numbers")


def hyperparameters(specs: Specs, text: Text) -> None:
    """Show the hyperparameters of those that are typeset."""
    controls.hyperparameters([o.name for o in specs[0].optimizers], text)


FOLDS = {"hyper": hyperparameters}


def below(_: Any, specs: Specs, text: Text, step: int | None) -> None:
    """Typeset the one rule with its numbers, then each method's own."""
    experiment, _, how = specs
    st.latex(ONE_RULE)
    table = coefficients().loc[[o.name for o in experiment.optimizers]]
    table = table.map(lambda number: number.replace("-", "−"))  # a hyphen would break the line
    table.index.name = text("optimizers.rule.method")
    st.table(table, border="horizontal")
    chosen = {o.name: o for o in experiment.optimizers}
    prose = Prose(ROOT / "pages" / "optimizers", current().language)
    for part, names in PARTS.items():
        if not chosen.keys() & set(names):
            continue
        prose.show(part)
        for name in names:
            if name in chosen:
                one = chosen[name]
                rule = formula(one, one.lr or experiment.learning_rates[0], how.numbers)
                with st.container(width=COLUMN):
                    # the name above, not beside: a phone has no room for both
                    st.latex(rf"\begin{{gathered}}\textsf{{{name}}} \\ {rule}\end{{gathered}}")
