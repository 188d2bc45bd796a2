"""Query string -> specs. A link is untrusted: whatever it says, a valid spec comes out, and a list of problems."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.link import MAX_VALUES, NAMES, OTHERS, VERSION, Flat, Unreadable, Value, build, flatten, write
from core.losses import LOSSES
from core.spec import Experiment, View
from core.text import Text

LONGEST = 40  # characters: of a value that is read, of a name or value that is shown
MAX_PROBLEMS = 12  # that are named; the rest are counted
REST = "link.reason.rest"  # the reason of the one that counts them
#: What gives way, in this order, where a link asks for more than the budget; own rates come last.
GIVE_WAY = ("seeds", "lr", "epochs", "width", "n", "batch", "opt")
#: What precedes the allowed range in the messages of core.spec.
_BEFORE_RANGE = re.compile(r" is (?:none of|outside|not a (?:whole )?number in) ")


@dataclass(frozen=True)
class Problem:
    """What a link asked for and does not get. Safe to show, but only as plain text."""

    name: str
    value: str
    reason: str  # a key of core.text
    allowed: str = ""

    def line(self, text: Text) -> str:
        """Return the problem in words, as "n=9000: outside [8, 5000]"."""
        reason = text(self.reason, value=self.value, allowed=self.allowed)
        if self.reason == REST:
            return reason
        return text("link.problem", name=self.name, value=self.value, reason=reason)


@dataclass(frozen=True)
class Decoded:
    """A valid experiment and view, and what of the link did not make it into them."""

    experiment: Experiment
    view: View
    problems: tuple[Problem, ...]


def decode(query: Mapping[str, Sequence[str]], defaults: tuple[Experiment, View]) -> Decoded:
    """Return what a query asks for, with the defaults for whatever is missing or bad; never raises."""
    problems: list[Problem] = []
    if list(query.get("v", ())) not in ([], [VERSION]):
        problems.append(_problem("v", query["v"], "version", VERSION))
    given = {}
    for name, known in NAMES.items():
        if values := _values(name, query.get(name, ()), problems):
            given[name] = tuple(values) if known.repeated else values[0]
    experiment, view = _afford(given, flatten(*defaults), problems)
    strange = [name for name in query if name not in NAMES and name not in OTHERS]
    rest = len(problems) + len(strange) - MAX_PROBLEMS
    problems += [_problem(name, query[name], "unknown") for name in strange[:MAX_PROBLEMS]]
    if rest > 0:
        problems[MAX_PROBLEMS:] = [Problem("", str(rest), REST)]
    return Decoded(experiment, view, tuple(problems))


def _problem(name: str, texts: Sequence[str], reason: str, allowed: str = "") -> Problem:
    value = ", ".join(text[: LONGEST + 1] for text in texts[:MAX_VALUES])
    return Problem(_plain(name), _plain(value), f"link.reason.{reason}", allowed)


def _plain(text: str) -> str:
    """Return the text cut short, without control, formatting or surrogate characters."""
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut)


def _values(name: str, texts: Sequence[str], problems: list[Problem]) -> list[Value]:
    """Return the good ones of a name's values, at most one unless it is repeated."""
    if len(texts) > 1 and not NAMES[name].repeated:
        problems.append(_problem(name, texts, "repeat"))
        return []
    values: list[Value] = []
    for text in texts[:MAX_VALUES]:
        try:
            value = _value(name, text)
            if value in values:
                raise Unreadable("repeat")
            values.append(value)
        except Unreadable as bad:
            problems.append(_problem(name, [text], bad.reason, bad.allowed))
    if len(texts) > MAX_VALUES:
        problems.append(_problem(name, texts[MAX_VALUES:], "too_many", str(MAX_VALUES)))
    return values


#: With it, any one value that is allowed at all is within the budget.
_ROOMY = flatten(Experiment(points=5000, batch_size=None, epochs=1), View())


def _value(name: str, text: str) -> Value:
    """Return what a text means; raise Unreadable where it means nothing or the constructors refuse it."""
    if len(text) > LONGEST:
        raise Unreadable("long", str(LONGEST))
    known = NAMES[name]
    value = known.special[text] if text in known.special else known.read(text)
    owner: Flat = {"loss": known.part} if known.part in LOSSES else {"opt": (known.part,)} if known.part else {}
    try:
        build(_ROOMY | owner | {name: (value,) if known.repeated else value})
    except ValueError as error:
        allowed = _BEFORE_RANGE.split(str(error))[1:] or [", ".join(known.special)]
        raise Unreadable("choice" if known.read is str else "range", allowed[-1]) from None
    return value


def _afford(given: Flat, defaults: Flat, problems: list[Problem]) -> tuple[Experiment, View]:
    """Return what is given on top of the defaults, as far as the points and the budget allow."""
    flat: dict[str, Any] = defaults | given
    names = (*GIVE_WAY, *(name for name in given if name.endswith(".lr")))
    heavy = [name for name in names if name in given and _heavier(name, given[name], defaults[name])]
    while True:
        if flat["batch"] != "full" and flat["batch"] > flat["n"]:
            if flat["batch"] == given.get("batch"):
                problems.append(_problem("batch", write(flat["batch"]), "range", f"[1, {flat['n']}]"))
            usual: Any = defaults["batch"]
            flat["batch"] = "full" if usual == "full" or usual > flat["n"] else usual
        try:
            return build(flat)
        except ValueError:
            name = heavy.pop(0)  # there is one: the defaults alone are within the budget
            problems.append(_problem(name, write(flat[name]), "budget"))
            flat[name] = defaults[name]


def _heavier(name: str, value: Any, usual: Any) -> bool:
    """Return whether the value may cost more than the default."""
    if name == "batch":
        return value != "full" and (usual == "full" or value < usual)
    if name.endswith(".lr"):  # None: as many rates as there are
        return value is None and usual is not None
    if name == "lr":
        return len(value) > len(usual)
    return value != usual if name == "opt" else value > usual
