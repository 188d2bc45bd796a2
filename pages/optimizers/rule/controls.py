"""What a reader sets in the rule, the rule typeset, and the table of numbers."""

from contextlib import suppress

import streamlit as st

from core.analysis.one_rule import STOPS, between, end, place
from core.catalogue.optimizers import CUSTOM, METHODS, named
from core.catalogue.row import Row
from core.export.latex import ONE_RULE, coefficients, formula
from core.link.forms import Specs, build_optimizer
from core.spec.experiment import Optimizer
from core.text import Text
from core.text.numbers import percent_exactly
from core.ui import controls
from core.ui.language import current
from core.ui.prose import COLUMN, Prose
from core.ui.sections import ROOT
from core.ui.situation import present
from core.ui.stepper import rate, stepper
from pages.optimizers.rule.compute import Ruled
from pages.optimizers.rule.spec import ENDS
from pages.optimizers.rule.table import lit

#: The prose on each method, in the order in which they came.
PARTS = {
    "sgd": ("SGD",),
    "momentum": ("Momentum",),
    "rmsprop": ("RMSprop",),
    "adam": ("Adam",),
    "others": ("Nesterov", "Adagrad", "AdamW"),
}
_AT = "between.at"


def show(text: Text) -> None:
    """Show between whom the row slides, where it is, and the rate."""
    with st.container(horizontal=True, key="ends"):
        for name in ("between.from", "between.to"):
            controls.pick(name, text(f"optimizers.rule.{name.replace('.', '_')}"), ENDS, str, on_change=_keep_share)
    at = _place()
    options = [*(() if at is not None else (None,)), *STOPS]
    st.session_state[_AT] = at
    label = text("optimizers.rule.at")
    stepper(_AT, label, options, lambda share: _share(share, text), text, on_change=_slide)
    rate(text)


def _share(share: float | None, text: Text) -> str:
    return text("optimizers.rule.off") if share is None else percent_exactly(share)


def _own() -> Optimizer | None:
    """Return the row as the widgets have it now, None where its numbers do not go together."""
    with suppress(ValueError):
        return build_optimizer(CUSTOM, present().asked())
    return None


def _ends() -> tuple[Row, Row]:
    """Return the rows at both ends, each with the hyperparameters that are set for it now."""
    flat = present().asked()
    given = {name: build_optimizer(name, flat) for name in flat["opt"]}  # type: ignore[union-attr]
    return end(st.session_state["between.from"], given), end(st.session_state["between.to"], given)


def _place() -> float | None:
    own = _own() or present().specs[0].optimizers[-1]
    return place(own.hyperparameters, *_ends(), last=st.session_state.get(_AT))


def _slide() -> None:
    """Take the row to where the reader has slid it; for a callback."""
    if (share := st.session_state[_AT]) is not None:
        present().set(_set(between(*_ends(), share)))


def _keep_share() -> None:
    """Go on at the same share of another way, if the row was on the way; for a callback."""
    ends = {name: st.session_state[name] for name in ("between.from", "between.to")}
    share = st.session_state.get(_AT)
    present().set(ends | (_set(between(*_ends(), share)) if share is not None else {}))


def _set(numbers: dict[str, float]) -> dict[str, float]:
    return {f"{CUSTOM.lower()}.{name}": value for name, value in numbers.items()}


def own_numbers(_: Specs, text: Text) -> None:
    """Show every coefficient of the reader's own row, and its rate; beside them, whether they go together."""
    if _own() is None:
        st.warning(text("control.refused.kappa"), icon=":material/block:")
    with st.grid(2) as grid:
        for h in METHODS[CUSTOM].hyperparameters:
            with grid.cell():
                controls.ladder(f"{CUSTOM.lower()}.{h.name}", text(f"optimizers.rule.number.{h.name}"))
        with grid.cell():
            controls.own_rate(CUSTOM, text)


def others(specs: Specs, text: Text) -> None:
    """Show who races beside it, and their hyperparameters."""
    st.pills(text("control.opt"), named(), selection_mode="multi", key="opt")
    controls.hyperparameters([o.name for o in specs[0].optimizers if o.name != CUSTOM], text)


def drawing(_: Specs, text: Text) -> None:
    """Show how rules and losses are drawn, and whether the rate is cut where momentum's forms are compared."""
    st.toggle(text("optimizers.rule.cut"), key="cut")
    st.toggle(text("optimizers.rule.numbers"), key="numbers")
    controls.either("scale", text("control.scale"), ("linear", "log"), lambda v: text(f"control.scale_{v}"))


FOLDS = {"own_numbers": own_numbers, "others": others, "conventions": drawing}


def _rate(optimizer: Optimizer, specs: Specs) -> float:
    return optimizer.lr or specs[0].learning_rates[0]


def beside(found: Ruled, specs: Specs, _: Text) -> None:
    """Typeset the reader's own row, always with its numbers."""
    st.latex(_titled(CUSTOM, formula(found.own, _rate(found.own, specs), True, narrow=True)))


def below(found: Ruled, specs: Specs, text: Text, step: int | None) -> None:
    """Typeset the one rule with its numbers, and in a fold what is outside it, and each method's own."""
    experiment = specs[0]
    st.latex(ONE_RULE)
    table = lit(coefficients(experiment.optimizers), CUSTOM, text("optimizers.rule.method"))
    st.table(table, border="horizontal")
    with st.container(width=COLUMN, key="where_no_room_beside"):
        beside(found, specs, text)
    fold = st.expander(text("optimizers.rule.each"), key="fold.each", type="compact", on_change="rerun")
    if fold.open:
        with fold:
            _each(specs)


def _each(specs: Specs) -> None:
    """Say what each method mends and where it fails, with its rule, then what is no row of the one rule."""
    experiment, _, how = specs
    prose = Prose(ROOT / "pages" / "optimizers", current().language)
    chosen = {o.name: o for o in experiment.optimizers}
    for part, names in PARTS.items():
        if not chosen.keys() & set(names):
            continue
        prose.show(part)
        for name in names:
            if name in chosen:
                with st.container(width=COLUMN):
                    st.latex(_titled(name, formula(chosen[name], _rate(chosen[name], specs), how.numbers)))
    prose.show("outside")


def _titled(name: str, rule: str) -> str:
    # the name above, not beside: a phone has no room for both
    return rf"\begin{{gathered}}\textsf{{{name}}} \\ {rule}\end{{gathered}}"
