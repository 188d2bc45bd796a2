"""Every label, axis, notice and alt text, by dotted key, in each language.

Where a number decides the word behind it, the text says both: "{runs:run|runs}" is "1 run" or "20 runs".
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

HERE = Path(__file__).parent
_FIRST = "en"
#: A folder of texts each; the first is spoken where nobody chose.
LANGUAGES = (_FIRST, *sorted({path.parent.name for path in HERE.glob("*/*.toml")} - {_FIRST}))

#: A page's own labels lie beside its scenes.
PAGES = HERE.parents[1] / "pages"


def _flat(table: dict, prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = value
    return found


@cache
def entries(language: str) -> dict[str, str]:
    """Return all texts of one language by dotted key; ValueError if two files share a key."""
    found: dict[str, str] = {}
    for path in [*sorted((HERE / language).glob("*.toml")), *sorted(PAGES.glob(f"*/{language}.toml"))]:
        new = _flat(tomllib.loads(path.read_text(encoding="utf-8")))
        if twice := found.keys() & new.keys():
            raise ValueError(f"{path.name} repeats {sorted(twice)}")
        found |= new
    return found


class _Counting(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        one, apart, many = format_spec.partition("|")
        return f"{value} {one if str(value) == '1' else many}" if apart else super().format_field(value, format_spec)


_FORMATTER = _Counting()
#: A space between two Chinese characters or marks: it stands beside Latin letters and figures only.
_BETWEEN = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")


def joined(text: str) -> str:
    """Return the text without the spaces that a Chinese word filled in has beside other Chinese ones."""
    return _BETWEEN.sub("", text)


@dataclass(frozen=True)
class Text:
    """The texts of one language: `text("chart.axis.step")`, with `str.format` values where asked."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """Return the text under the key; KeyError if there is none."""
        found = entries(self.language)[key]
        return joined(_FORMATTER.vformat(found, (), values)) if values else found
