"""What a page shows right now: its specs, held by widgets, followed by the address.

Widgets bear the link's names as keys. The address names what differs from the page's defaults; a link that
comes in is decoded once, its problems are shown, and it stays the shared situation to come back to.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.expression.parser import readable
from core.link.decoding import Problem, decode
from core.link.forms import OTHERS, Flat, Form, Specs
from core.player import reopen
from core.spec.experiment import OverBudget
from core.text import Text
from core.ui.language import current

_KEPT, _PAGE, _FIGURE = "situations", "situation_page", "situation_figure"


@dataclass
class Situation:
    """One page's state in one session. `single` names those repeated values of which the page shows one."""

    page: str
    form: Form
    defaults: Specs
    single: frozenset[str]
    flat: Flat
    shared: Flat | None = None  # what the link said, if a link brought the reader here
    problems: tuple[Problem, ...] = ()
    address: dict[str, list[str]] = field(default_factory=dict)  # as last read or written
    refused: str = ""  # the text that says why the widgets' last values were not taken
    asked: Flat = field(default_factory=dict)  # those values
    refused_in: tuple[str, str] = ("", "")  # the title of the figure that was drawn when they came, and its language
    ways_out: tuple[str, ...] = ()  # names that would have to be lowered
    look_for: str = ""  # the thing to try that was pressed last
    tried: Flat = field(default_factory=dict)  # the values it is about
    drawn_moved: bool = False  # what the whole page, whose foot is in no fragment, was drawn with

    def _to_widget(self, name: str, value: Any) -> Any:
        if isinstance(value, tuple):
            return value[0] if name in self.single else list(value)
        return value

    def _from_widget(self, name: str, value: Any) -> Any:
        if self.form.names[name].repeated:
            return (value,) if name in self.single else tuple(value)
        return value

    def fill(self, *, anew: bool = False) -> None:
        """Give every widget that has no value yet its value, or every one if `anew`."""
        for name, value in self.flat.items():
            if anew or name not in st.session_state:
                st.session_state[name] = self._to_widget(name, value)

    def set(self, changes: Mapping[str, Any]) -> None:
        """Change some values and their widgets; for callbacks, which run before the widgets do.

        Where they do not go with the others, or are too much beside them, the others are the page's defaults.
        """
        try:
            self.form.admit(self.flat | dict(changes))
            self.flat = self.flat | dict(changes)
        except ValueError:
            self.flat = self.form.flatten(self.defaults) | dict(changes)
        self.look_for, self.problems = "", ()
        self.fill(anew=True)

    def try_out(self, changes: Mapping[str, Any], names: Collection[str], look_for: str) -> None:
        """Change these values and set all others of the names to the page's defaults; for a callback.

        What to look for is true of just that, so it is to be seen until one of the names gets another value.
        """
        usual = self.form.flatten(self.defaults)
        self.set({name: usual[name] for name in names} | dict(changes))
        self.look_for, self.tried = look_for, {name: self.flat[name] for name in {*names, *changes}}

    def looks_for(self, area: str) -> str:
        """Return the text of the thing to try of an area that is on the screen, "" if there is none."""
        there = all(self.flat[name] == value for name, value in self.tried.items())
        return self.look_for if there and self.look_for.startswith(f"{area}.try.") else ""

    def share_again(self) -> None:
        """Go back to what the link said; for a callback."""
        self.set(self.shared or {})
        reopen()

    @property
    def moved(self) -> bool:
        """Whether the reader has left what the link said, be it for something that is refused."""
        return self.shared is not None and (self.flat != self.shared or bool(self.refused))

    @property
    def specs(self) -> Specs:
        """What the page shows, as `read` last found it."""
        return self.form.build(self.flat)

    def specs_at(self, step: int | None) -> Specs:
        """Return the same, to open at another step."""
        return self.form.build(self.flat | {"step": step})

    def note_drawn(self) -> None:
        """Note that the whole page is being drawn; once, before the fragments of a page whose foot is in none."""
        self.read()
        self.drawn_moved = self.moved

    def keep_up(self) -> None:
        """Draw the whole page again where its way back to the shared situation has to come or go."""
        if self.moved != self.drawn_moved:
            st.rerun()

    def read(self) -> Specs:
        """Return what the widgets say, and write it to the address; what is impossible leaves the last one."""
        asked = {
            name: self._from_widget(name, st.session_state[name]) if name in st.session_state else value
            for name, value in self.flat.items()
        }
        try:
            specs = self.form.admit(asked)
        except ValueError as error:
            if asked != self.asked and (title := st.session_state.get(_FIGURE)):
                self.asked, self.refused_in = asked, (title, current().language)
            over = isinstance(error, OverBudget)
            self.refused = "control.refused.budget" if over else _why_refused(asked)
            self.ways_out = self.form.ways_out(asked, self.form.flatten(self.defaults)) if over else ()
            specs = self.specs
        else:
            self.refused, self.asked = "", {}
            if asked != self.flat:
                self.problems = ()
            self.flat = asked
        self._write_address(self.form.short(specs, self.defaults))
        return specs

    def _write_address(self, texts: dict[str, list[str]]) -> None:
        if texts == self.address:
            return
        others = {"lang": lang} if (lang := st.query_params.get("lang")) else {}
        st.query_params.from_dict({**others, **texts})
        self.address = texts


def _why_refused(asked: Mapping[str, Any]) -> str:
    """Return the text for the only ways in which widgets, each within its range, do not fit together."""
    for name, value in asked.items():
        if value == ():
            what = name.rpartition(".")[2]
            return f"control.refused.{what if what in ('opt', 'lr') else 'loss'}"
    if "own.expr" in asked and not readable(asked["own.expr"]):
        return "control.refused.expression"
    return "control.refused.batch"


def _read_address() -> dict[str, list[str]]:
    own = (name for name in st.query_params if name not in OTHERS)
    return {name: st.query_params.get_all(name) for name in own}


def arrive(page: str, form: Form, defaults: Specs, *, single: frozenset[str] = frozenset()) -> Situation:
    """Return the page's situation for this run, taking over a link that has come in; call before widgets."""
    situations: dict[str, Situation] = st.session_state.setdefault(_KEPT, {})
    address = _read_address()
    situation = situations.get(page)
    version = st.query_params.get_all("v")
    if situation is None or (address and address != situation.address):
        decoded = decode({**address, **({"v": version} if version else {})}, form, defaults, single)
        flat = form.flatten(decoded.specs)
        shared = flat if address else None
        situation = Situation(page, form, defaults, single, flat, shared, decoded.problems, address)
        situations[page] = situation
        situation.fill(anew=True)
    else:
        situation.address = address
        situation.fill(anew=st.session_state.get(_PAGE) != page)
    st.session_state[_PAGE] = page
    return situation


def show_problems(situation: Situation, text: Text) -> None:
    """Say in one notice what of the link was not taken, as plain text."""
    if situation.problems:
        lines = [problem.line(text) for problem in situation.problems]
        st.warning(text("link.notice"), icon=":material/link_off:")
        st.text("\n".join(lines))


@contextmanager
def figure_of(title: str) -> Iterator[None]:
    """Make room for the notice why what the controls of this figure ask for is not taken, and fill it at the end."""
    place = st.container()
    st.session_state[_FIGURE] = title
    yield
    st.session_state[_FIGURE] = ""
    situation = st.session_state[_KEPT][st.session_state[_PAGE]]
    with place:
        _show_refusal(situation, current(), title)


def _show_refusal(situation: Situation, text: Text, title: str) -> None:
    """Say why the widgets' last values were not taken, and what to lower, if controls of this figure asked for them."""
    here = situation.refused_in == (title, text.language)
    if not situation.refused or not (here or situation.refused_in[1] != text.language):
        return
    ways = dict.fromkeys(text(f"control.lower.{lowered(name)}") for name in situation.ways_out)
    st.warning(text(situation.refused, ways=text("result.listing").join(ways)), icon=":material/block:")


def lowered(name: str) -> str:
    """Return what a name stands for, whichever figure's it is: width for few.width, own_rate for adam.lr."""
    return "own_rate" if name.endswith(".lr") else name.rpartition(".")[2]
