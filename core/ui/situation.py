"""What a scene shows right now: its specs, held by widgets and followed by the address, which is the truth.

Widgets bear the link's names as keys. An address that is not the one last written decides: it is a link that came
in, or the reader went back or forward. Else the widgets do, and the address is written anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

import streamlit as st

from core.expression.parser import readable
from core.link.address import read, step_of, values_of, write
from core.link.decoding import Problem, problem
from core.link.forms import Flat, Specs
from core.player.component import reopen, settled_step
from core.spec.experiment import OverBudget
from core.ui.language import link_parameters

if TYPE_CHECKING:
    from core.ui.scene import Scene

_KEPT, _LAST, _ADDRESSES, _SHOWN = "scene_situations", "last_scene", "addresses", "shown_scenes"
#: A text input out of sight: the browser sends it again to a server that has lost the session.
_REMEMBERED = "remembered"
Query = dict[str, list[str]]


@dataclass
class Situation:
    """One scene's state in one session."""

    scene: "Scene"
    flat: Flat
    step: int | None = None  # where the player opens, None where it opens by itself
    arrived: bool = False  # whether that step has just come with an address
    shared: Query = field(default_factory=dict)  # the values of the link that brought the reader here
    problems: tuple[Problem, ...] = ()
    address: Query = field(default_factory=dict)  # its values as last read or written, the step apart
    refused: str = ""  # the text that says why the widgets' last values were not taken
    ways_out: tuple[str, ...] = ()  # names that would have to be lowered
    tried: str = ""  # the thing to try that was pressed last
    tried_flat: Flat = field(default_factory=dict)

    def _to_widget(self, name: str, value: Any) -> Any:
        if isinstance(value, tuple):
            return value[0] if name in self.scene.single else list(value)
        return value

    def _from_widget(self, name: str, value: Any) -> Any:
        if self.scene.form.names[name].repeated:
            return (value,) if name in self.scene.single else tuple(value)
        return value

    def fill(self, *, anew: bool) -> None:
        """Give every widget that has no value yet its value, or every one if `anew`."""
        for name, value in self.flat.items():
            if anew or name not in st.session_state:
                st.session_state[name] = self._to_widget(name, value)

    def set(self, changes: Mapping[str, Any]) -> None:
        """Change some values and their widgets; for callbacks, which run before the widgets do.

        Where they do not go with the others, or are too much beside them, the others are the scene's defaults. What
        is impossible even then changes nothing.
        """
        possible = (base | dict(changes) for base in (self.flat, self.usual))
        if (found := next(filter(self._admits, possible), None)) is not None:
            self.flat, self.tried, self.problems = found, "", ()
        self.fill(anew=True)

    def _admits(self, flat: Flat) -> bool:
        try:
            self.scene.form.admit(flat)
        except ValueError:
            return False
        return True

    def try_out(self, name: str) -> None:
        """Show a thing to try, a complete situation; for a callback."""
        self.set(self.usual | dict(self.scene.tries[name]))
        self.tried, self.tried_flat, self.step = name, dict(self.flat), None
        reopen()

    @property
    def hint(self) -> str:
        """The thing to try that is on the screen, "" if there is none."""
        return self.tried if self.flat == self.tried_flat else ""

    def share_again(self) -> None:
        """Go back to what the link said; for a callback."""
        self.arrive_at(self.shared)
        self.problems = ()
        reopen()

    def arrive_at(self, values: Query) -> None:
        """Take over the values of an address."""
        found = read(values, self.scene.place)
        self.flat = self.scene.form.flatten(found.specs)
        self.problems, self.step, self.arrived = found.problems, found.step, True
        self.fill(anew=True)

    def refuse_step_beyond(self, steps: int) -> bool:
        """Return whether an address that has just come opens beyond the last step; that is one of its problems."""
        arrived, self.arrived = self.arrived, False
        if not arrived or self.step is None or self.step <= steps:
            return False
        self.problems += (problem("step", [str(self.step)], "range", f"[0, {steps}]"),)
        self.step = None
        return True

    @property
    def usual(self) -> Flat:
        """The values of the defaults."""
        return self.scene.form.flatten(self.scene.defaults)

    @property
    def moved(self) -> bool:
        """Whether the reader has left what the link said, be it for something that is refused."""
        return bool(self.shared) and (bool(self.refused) or self.address != _without_step(self.shared))

    @property
    def specs(self) -> Specs:
        """What the scene shows, as `read` last found it."""
        return self.scene.form.build(self.flat)

    def asked(self) -> Flat:
        """Return what the widgets say, possible or not."""
        return {
            name: self._from_widget(name, st.session_state[name]) if name in st.session_state else value
            for name, value in self.flat.items()
        }

    def read(self) -> Specs:
        """Return what the widgets say, and write it to the address; what is impossible leaves the last one."""
        asked = self.asked()
        try:
            specs = self.scene.form.admit(asked)
        except ValueError as error:
            over = isinstance(error, OverBudget)
            self.refused = "control.refused.budget" if over else _why_refused(asked)
            self.ways_out = self.scene.form.ways_out(asked, self.usual) if over else ()
            specs = self.specs
        else:
            self.refused = ""
            if asked != self.flat:
                self.problems = ()
            self.flat = asked
        self._write_address(specs)
        return specs

    def settled(self, key: str, *, steps: int) -> int:
        """Return the step at which the reader has left the player."""
        return settled_step(key, steps=steps, step=steps if self.step is None else self.step)

    def query(self, step: int | None) -> Query:
        """Return the whole address of what is shown, to open at a step."""
        language = link_parameters().get("lang", "")
        return write(self.scene.place, self.specs, step, language)

    def _write_address(self, specs: Specs) -> None:
        query = write(self.scene.place, specs, None)
        now = asked_now()
        kept = {"lang": now["lang"]} if "lang" in now else {}
        whole = write(self.scene.place, specs, step_of(now)) | kept  # with where the reader is: the player writes that
        if whole != now:
            st.query_params.from_dict(whole)
        self.address = values_of(query)
        _addresses()[self.scene.page, self.scene.key] = query
        st.session_state.setdefault(_SHOWN, {})[self.scene.page] = self.scene.key


def _without_step(query: Query) -> Query:
    return {name: texts for name, texts in values_of(query).items() if name != "step"}


def _addresses() -> dict[tuple[str, str], Query]:
    return st.session_state.setdefault(_ADDRESSES, {})


def present() -> Situation:
    """Return the situation of the scene that is shown; for its controls."""
    return st.session_state[_KEPT][st.session_state[_LAST]]


def kept_address(page: str, scene: "Scene | None" = None) -> Query:
    """Return the query of a link to a page, or to a scene of it: what the reader left there, and the language.

    Without a scene it is the one that was shown last.
    """
    key = scene.key if scene else st.session_state.setdefault(_SHOWN, {}).get(page, "")
    usual = {"scene": [scene.key]} if scene and not scene.first else {}
    language = {name: [value] for name, value in link_parameters().items()}
    return _addresses().get((page, key), usual) | language


def asked_now() -> Query:
    """Return the address of this run."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def arrive(scene: "Scene") -> Situation:
    """Return the scene's situation for this run, taking over an address that has changed; call before widgets."""
    situations: dict[tuple[str, str], Situation] = st.session_state.setdefault(_KEPT, {})
    place = (scene.page, scene.key)
    query = asked_now()
    address = _without_step(query)
    remembered = _remembered(situations)
    if (situation := situations.get(place)) is None:
        situation = situations[place] = Situation(scene, scene.form.flatten(scene.defaults))
        situation.arrive_at(query)
        situation.address = address
        situation.shared = values_of(query) if address else {}
        _restore(situation, remembered)
    elif address != situation.address:
        situation.arrive_at(query)
        reopen()
        situation.address = address
    else:
        situation.fill(anew=st.session_state.get(_LAST) != place)
    st.session_state[_LAST] = place
    return situation


def _remembered(situations: Mapping[tuple[str, str], Situation]) -> Query:
    """Keep with the browser what was shared and tried; return what it kept for a session that was lost."""
    known = {}
    for (page, key), one in situations.items():
        name = f"{page}.{key}"
        if one.shared:
            known[f"shared.{name}"] = urlencode(one.shared, doseq=True)
        if one.hint:
            known[f"tried.{name}"] = one.hint
    if situations:
        st.session_state[_REMEMBERED] = urlencode(known)
    with st.container(key="remembered_out_of_sight"):
        text = st.text_input(_REMEMBERED, key=_REMEMBERED, label_visibility="collapsed")
    return {} if situations else parse_qs(text)


def _restore(situation: Situation, remembered: Query) -> None:
    name = f"{situation.scene.page}.{situation.scene.key}"
    if shared := remembered.get(f"shared.{name}"):
        situation.shared = parse_qs(shared[0], keep_blank_values=True)
    if (tried := remembered.get(f"tried.{name}", [""])[0]) in situation.scene.tries:
        situation.tried, situation.tried_flat = tried, dict(situation.flat)


def _why_refused(asked: Mapping[str, Any]) -> str:
    """Return the text for the only ways in which widgets, each within its range, do not fit together."""
    for name, value in asked.items():
        if value == ():
            what = name.rpartition(".")[2]
            return f"control.refused.{what if what in ('opt', 'lr') else 'loss'}"
    if "own.expr" in asked and not readable(asked["own.expr"]):
        return "control.refused.expression"
    if asked.get("custom.kappa") == 1 and asked.get("custom.beta2") == 1:
        return "control.refused.kappa"
    return "control.refused.batch"


def lowered(name: str) -> str:
    """Return what a name stands for, whichever scene's it is: width for few.width, own_rate for adam.lr."""
    return "own_rate" if name.endswith(".lr") else name.rpartition(".")[2]
