"""The address of a scene, both ways: version, scene, what differs from that version's defaults, and the step."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from core.link.decoding import Problem, decode, problem
from core.link.forms import Form, Specs
from core.link.published import VERSION, differing, published

Query = Mapping[str, Sequence[str]]

#: What an address says besides values.
_NO_VALUES = ("v", "lang", "scene", "embed", "embed_options")
LONGEST_STEP = 6  # digits


@dataclass(frozen=True)
class Place:
    """Where a scene stands: its page, its own key, and the names of which it shows but one value."""

    page: str
    scene: str
    form: Form
    defaults: Specs
    single: Collection[str] = ()
    first: bool = False  # of its page, which the address need not name


@dataclass(frozen=True)
class Arrived:
    """What an address asks for: valid specs, a step to open at or none, and what of it was not taken."""

    specs: Specs
    step: int | None
    problems: tuple[Problem, ...]


def values_of(query: Query) -> dict[str, list[str]]:
    """Return what of a query are values."""
    return {name: list(texts) for name, texts in query.items() if name not in _NO_VALUES}


def version_of(query: Query) -> str:
    """Return the version a query is written in: 1 where it has values and names none."""
    named = list(query.get("v", ()))
    return named[0] if named in (["1"], [VERSION]) else VERSION if named or not values_of(query) else "1"


def meant(query: Query, places: Sequence[Place]) -> Place:
    """Return the scene of a page that a query opens.

    That is the one it names; else, of a version-1 query, the first that knows a value it changes; else the first.
    """
    named = list(query.get("scene", ()))
    for place in places:
        if named == [place.scene]:
            return place
    if version_of(query) == "1":
        changed = differing(values_of(query), places[0].page)
        for place in places:
            if changed & place.form.names.keys():
                return place
    return places[0]


def read(query: Query, place: Place) -> Arrived:
    """Return what a query asks of a scene; never raises. What version 1 said of the page's other scenes is dropped."""
    version = version_of(query)
    old = version == "1"
    base = published(version, place.page if old else f"{place.page}.{place.scene}")
    values = values_of(query)
    ignored = {*base} - {*place.form.names} if old else set()
    step, problems = _step(values.pop("step", []))
    asked = {name: texts for name, texts in values.items() if name not in ignored}
    usual = _defaults(base, place)
    found = decode(asked, place.form, usual, place.single)
    if (named := list(query.get("v", ()))) not in ([], ["1"], [VERSION]):
        problems = (problem("v", named, "version", VERSION), *problems)
    if (named := list(query.get("scene", ()))) not in ([], [place.scene]):
        problems = (*problems, problem("scene", named, "scene"))
    return Arrived(found.specs, step, (*problems, *found.problems))


def write(place: Place, specs: Specs, step: int | None, language: str = "") -> dict[str, list[str]]:
    """Return the query of a scene as `read` takes it, with only what differs from the defaults."""
    values = place.form.short(specs, place.defaults)
    if step is not None:
        values["step"] = [str(step)]
    query = {"v": [VERSION]} if values else {}
    if not place.first:
        query["scene"] = [place.scene]
    if language:
        query["lang"] = [language]
    return query | values


def _defaults(base: Mapping[str, list[str]], place: Place) -> Specs:
    """Return the defaults that a version was published with, those of today where that is what they are."""
    today = place.form.texts(place.form.flatten(place.defaults))
    own = {name: texts for name, texts in base.items() if name in today}
    return place.defaults if own == today else decode(own, place.form, place.defaults, place.single).specs


def step_of(query: Query) -> int | None:
    """Return the step that a query opens at, None where it says none."""
    return _step(query.get("step", ()))[0]


def _step(texts: Sequence[str]) -> tuple[int | None, tuple[Problem, ...]]:
    if list(texts) in ([], [""]):
        return None, ()
    text = texts[0] if len(texts) == 1 else ""
    if not (text.isascii() and text.isdigit()):
        return None, (problem("step", texts, "whole"),)
    if len(text) > LONGEST_STEP:
        return None, (problem("step", texts, "long", str(LONGEST_STEP)),)
    return int(text), ()
