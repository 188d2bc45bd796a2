"""The prose of a page: one Markdown file a language, cut into named parts."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

#: About 70 characters of the body font, in pixels.
COLUMN = 620

_NAME = re.compile(r"^<!-- *([\w-]+) *-->$", re.MULTILINE)
#: What stands behind each paragraph of an English file: who checks it. It is not shown.
_CHECK = re.compile(r"^<!-- *(?:check:[^>]*|claims nothing) *-->\n?", re.MULTILINE)


@cache
def parts(path: Path) -> dict[str, str]:
    """Return the Markdown of a file by the name in the `<!-- name -->` line above it, without its check lines.

    ValueError if text stands before the first name or a name occurs twice.
    """
    before, *rest = _NAME.split(_CHECK.sub("", path.read_text(encoding="utf-8")))
    names = rest[::2]
    if before.strip():
        raise ValueError(f"{path} has text before its first name")
    if len(set(names)) < len(names):
        raise ValueError(f"{path} names a part twice")
    return dict(zip(names, (p.strip() for p in rest[1::2]), strict=True))


@dataclass(frozen=True)
class Prose:
    """The parts of <folder>/<language>.md: `prose("intro")` is one as Markdown, LaTeX between dollars."""

    folder: Path
    language: str

    def __call__(self, name: str) -> str:
        """Return the part under the name; KeyError if there is none."""
        return parts(self.folder / f"{self.language}.md")[name]

    def show(self, name: str, *more: str) -> None:
        """Write the part, and more behind it, in a column of a width that reads well."""
        with st.container(width=COLUMN):
            for words in (self(name), *more):
                st.markdown(words)
