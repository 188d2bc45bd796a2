"""Reads which check stands beside each statement of the English texts, and which checks there are.

A text of core/text/en/*.toml or pages/*/en.toml ends its line with `# check: name` (several: `# check: a, b`) or
`# claims nothing`; the same behind a table's header holds for the keys of that table that say nothing themselves.
Each paragraph of pages/*/en.md is followed by the line `<!-- check: name -->` or `<!-- claims nothing -->`. A check
is a function `test_<name>` in tests/claims/test_*.py.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

_HEADER = re.compile(r"\[(?P<table>[\w.-]+)\] *(?P<comment>#.*)?")
_ENTRY = re.compile(r"""(?P<key>[\w-]+|"[^"]+") *= *(?:"(?:[^"\\]|\\.)*"|'[^']*') *(?P<comment>#.*)?""")
_PART = re.compile(r"<!-- *[\w-]+ *-->")
_NOTHING = "claims nothing"


@dataclass(frozen=True)
class Statement:
    """A text by its place: the names of its checks, none where it claims nothing, None where it says neither."""

    where: str
    checks: tuple[str, ...] | None


def checks_of(comment: str) -> tuple[str, ...] | None:
    """Return the checks that a comment names, none for "claims nothing", None if it says neither."""
    said = comment.strip().removeprefix("#").strip()
    if said == _NOTHING:
        return ()
    names = said.removeprefix("check:").split(",") if said.startswith("check:") else []
    return tuple(n.strip() for n in names) or None


def of_texts(path: Path) -> list[Statement]:
    """Read a file of texts; ValueError at a line that is no header, no text and no comment."""
    found = []
    table, of_table = "", None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if header := _HEADER.fullmatch(line):
            table, of_table = header["table"], checks_of(header["comment"] or "")
        elif entry := _ENTRY.fullmatch(line):
            own = checks_of(entry["comment"] or "")
            key = ".".join(filter(None, (table, entry["key"].strip('"'))))
            found.append(Statement(f"{path.name}: {key}", of_table if own is None else own))
        else:
            raise ValueError(f"{path.name}:{number} is neither a text nor a table")
    return found


def of_prose(path: Path) -> list[Statement]:
    """Read a file of prose, paragraph by paragraph (headings and formulas are paragraphs too)."""
    found = []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip()):
        lines = [line for line in block.splitlines() if not _PART.fullmatch(line)]
        text = [line for line in lines if not line.startswith("<!--")]
        if text:
            comment = lines[-1].removeprefix("<!--").removesuffix("-->") if lines[-1].startswith("<!--") else ""
            found.append(Statement(f"{path.parent.name}/{path.name}: {text[0][:50]}", checks_of(comment)))
    return found


def checks_in(folder: Path) -> list[str]:
    """Return the name of every check in the test files of a folder."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("test_*.py"))]
    names = [n.name for tree in trees for n in tree.body if isinstance(n, ast.FunctionDef)]
    return [n.removeprefix("test_") for n in names if n.startswith("test_")]
