"""The defaults that each version of links was published with. They never change: old links keep their meaning.

A link names what differs from the defaults of its own version. Version 1 had one set a page, version 2 has one a scene.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

#: What links are written in.
VERSION = "2"

Texts = Mapping[str, list[str]]


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("published.toml").read_text(encoding="utf-8"))


@cache
def published(version: str, place: str) -> Texts:
    """Return the texts of the defaults by link name, of a page ("optimizers") or a scene ("optimizers.race").

    Empty where that version knew no such place.
    """
    return parse_qs(_table().get(version, {}).get(place, ""), keep_blank_values=True)


def differing(query: Texts, place: str) -> set[str]:
    """Return the names of a version-1 query whose values are not those its page was published with."""
    usual = published("1", place)
    return {name for name, texts in query.items() if name in usual and list(texts) != usual[name]}
