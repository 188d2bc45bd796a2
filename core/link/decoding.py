"""Query string -> specs. A link is untrusted: whatever it says, a valid spec comes out, and a list of problems."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.link.forms import MAX_VALUES, OTHERS, VERSION, Flat, Form, Specs
from core.link.values import LONGEST, Unreadable, Value, write
from core.spec.checks import Refusal
from core.spec.experiment import OverBudget
from core.text import Text

MAX_PROBLEMS = 12  # that are named; the rest are counted
REST = "link.reason.rest"  # the reason of the one that counts them


@dataclass(frozen=True)
class Problem:
    """What a link asked for and does not get. Safe to show, but only as plain text."""

    name: str
    value: str
    reason: str  # a key of core.text
    allowed: str = ""
    place: int = 0  # the character, counted from 1, where that is known

    def line(self, text: Text) -> str:
        """Return the problem in words, as "n=9000: outside [8, 5000]"."""
        reason = text(self.reason, value=self.value, allowed=self.allowed, place=self.place)
        if self.reason == REST:
            return reason
        return text("link.problem", name=self.name, value=self.value, reason=reason)


@dataclass(frozen=True)
class Decoded:
    """Valid specs, and what of the link did not make it into them."""

    specs: Specs
    problems: tuple[Problem, ...]


def decode(query: Mapping[str, Sequence[str]], form: Form, defaults: Specs, single: Collection[str] = ()) -> Decoded:
    """Return what a query asks for, with the defaults for whatever is missing or bad; never raises.

    Of the values of a `single` name the page shows but one: the first.
    """
    problems: list[Problem] = []
    if list(query.get("v", ())) not in ([], [VERSION]):
        problems.append(problem("v", query["v"], "version", VERSION))
    given = {}
    for name, known in form.names.items():
        if values := _values(name, query.get(name, ()), form, problems):
            if name in single and len(values) > 1:
                problems.append(problem(name, [text for v in values[1:] for text in write(v)], "single"))
                del values[1:]
            given[name] = tuple(values) if known.repeated else values[0]
    specs = _afford(given, form, form.flatten(defaults), problems)
    strange = [name for name in query if name not in form.names and name not in OTHERS]
    rest = len(problems) + len(strange) - MAX_PROBLEMS
    problems += [problem(name, query[name], "unknown") for name in strange[:MAX_PROBLEMS]]
    if rest > 0:
        problems[MAX_PROBLEMS:] = [Problem("", str(rest), REST)]
    return Decoded(specs, tuple(problems))


def problem(name: str, texts: Sequence[str], reason: str, allowed: str = "", place: int = 0) -> Problem:
    """Return the problem with what a link says under a name, cut to what can be shown."""
    value = ", ".join(text[: LONGEST + 1] for text in texts[:MAX_VALUES])
    return Problem(_plain(name), _plain(value), f"link.reason.{reason}", allowed, place)


def _plain(text: str) -> str:
    """Return the text cut short, without control, formatting or surrogate characters."""
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut)


def _values(name: str, texts: Sequence[str], form: Form, problems: list[Problem]) -> list[Value]:
    """Return the good ones of a name's values, at most one unless it is repeated."""
    if len(texts) > 1 and not form.names[name].repeated:
        problems.append(problem(name, texts, "repeat"))
        return []
    values: list[Value] = []
    for text in texts[:MAX_VALUES]:
        try:
            value = _value(name, text, form)
            if value in values:
                raise Unreadable("repeat")
            values.append(value)
        except Unreadable as bad:
            problems.append(problem(name, [text], bad.reason, bad.allowed, bad.place))
    if len(texts) > MAX_VALUES:
        problems.append(problem(name, texts[MAX_VALUES:], "too_many", str(MAX_VALUES)))
    return values


def _value(name: str, text: str, form: Form) -> Value:
    """Return what a text means; raise Unreadable where it means nothing or the constructors refuse it."""
    known = form.names[name]
    if len(text) > known.longest:
        raise Unreadable("long", str(known.longest))
    value = known.special[text] if text in known.special else known.read(text)
    try:
        form.build(form.roomy | form.choose(known.part) | {name: (value,) if known.repeated else value})
    except OverBudget:
        pass  # allowed in itself; what is asked for in all is counted later
    except ValueError as error:
        allowed = error.allowed if isinstance(error, Refusal) else ", ".join(known.special)
        raise Unreadable("choice" if known.read is str else "range", allowed) from None
    return value


def _afford(given: Flat, form: Form, defaults: Flat, problems: list[Problem]) -> Specs:
    """Return what is given on top of the defaults, as far as the points, the budget and each other allow."""
    flat: dict[str, Any] = defaults | given
    heavy = [name for name in form.give_way if name in given and _heavier(name, given[name], defaults[name])]
    others = [name for name in given if name not in heavy]
    while True:
        if "batch" in flat:
            _mend_batch(flat, given, defaults, problems)
        try:
            return form.admit(flat)
        except ValueError as error:  # the defaults alone are fine, so something given is in the way
            reason = "budget" if isinstance(error, OverBudget) else "together"
            name = (heavy or others)[0] if reason == "budget" else _misfit([*others, *heavy], flat, form, defaults)
            (heavy if name in heavy else others).remove(name)
            problems.append(problem(name, write(flat[name]), reason))
            flat[name] = defaults[name]


def _misfit(names: Sequence[str], flat: Flat, form: Form, defaults: Flat) -> str:
    """Return the first of the names whose default would do in place of its value, else the first of all."""
    for name in names:
        try:
            form.build(flat | {name: defaults[name]})
        except OverBudget:
            pass
        except ValueError:
            continue
        return name
    return names[0]


def _mend_batch(flat: dict[str, Any], given: Flat, defaults: Flat, problems: list[Problem]) -> None:
    """Replace a batch that is larger than the data; it is a problem only if it was asked for."""
    if flat["batch"] == "full" or flat["batch"] <= flat["n"]:
        return
    if flat["batch"] == given.get("batch"):
        problems.append(problem("batch", write(flat["batch"]), "range", f"[1, {flat['n']}]"))
    usual: Any = defaults["batch"]
    flat["batch"] = "full" if usual == "full" or usual > flat["n"] else usual


def _heavier(name: str, value: Any, usual: Any) -> bool:
    """Return whether the value may cost more than the default."""
    if name == "batch":
        return value != "full" and (usual == "full" or value < usual)
    if name.endswith(".lr"):  # None: as many rates as there are
        return value is None and usual is not None
    if isinstance(value, tuple) and name != "opt":
        return len(value) > len(usual)
    return value > usual if isinstance(value, (int, float)) else value != usual
