"""The sections of the app, in the order of the essay: a folder of pages/ each, whose page.py names its scenes.

They are found by their folders: page.toml says where one stands, and its icon.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from core.link.address import meant

if TYPE_CHECKING:
    from core.ui.scene import Scene

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Section:
    """One page; `key` names its folder under pages/ and its texts."""

    key: str
    icon: str

    @property
    def url_path(self) -> str:
        """The address below the root, the same in every language; empty for the first section."""
        return "" if self == SECTIONS[0] else self.key.replace("_", "-")

    @property
    def folder(self) -> Path:
        """Where page.py lies, its prose beside it."""
        return ROOT / "pages" / self.key

    @property
    def script(self) -> str:
        """The absolute path that st.Page and st.page_link take."""
        return str(self.folder / "page.py")

    @cached_property
    def scenes(self) -> "tuple[Scene, ...]":
        """Its scenes in order."""
        return import_module(f"pages.{self.key}.page").SCENES

    def scene_at(self, query: Mapping[str, list[str]]) -> "Scene":
        """Return the scene that a query means."""
        place = meant(dict(query), [scene.place for scene in self.scenes])
        return next(scene for scene in self.scenes if scene.key == place.scene)


def _found() -> tuple[Section, ...]:
    """Return the sections that there are folders for, in their order."""
    tables = {p.parent.name: tomllib.loads(p.read_text(encoding="utf-8")) for p in ROOT.glob("pages/*/page.toml")}
    return tuple(Section(key, tables[key]["icon"]) for key in sorted(tables, key=lambda key: tables[key]["order"]))


SECTIONS = _found()


def section_at(url_path: str) -> Section | None:
    """Return the section at an address below the root, None where there is none."""
    return next((s for s in SECTIONS if s.url_path == url_path), None)


@cache
def all_scenes() -> "tuple[Scene, ...]":
    """Return every scene of every page, in order."""
    return tuple(scene for section in SECTIONS for scene in section.scenes)
