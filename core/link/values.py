"""The values of a link as texts, one name at a time, and back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Value = float | int | str | bool | None | tuple

LONGEST = 40  # characters of a value that is read, unless its name allows more

_DECIMAL = re.compile(r"-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"-?\d+", re.ASCII)


class Unreadable(Exception):
    """Why a text is not taken: the reason, what is allowed and at which character, where that is known."""

    def __init__(self, reason: str, allowed: str = "", place: int = 0) -> None:
        self.reason, self.allowed, self.place = reason, allowed, place


@dataclass(frozen=True)
class Name:
    """What a name of the link stands for, and how its text is read."""

    read: Callable[[str], Value]
    attribute: str = ""  # of the spec it belongs to
    part: str = ""  # the loss or optimizer it is a parameter of, without which it means nothing
    repeated: bool = False
    special: Mapping[str, Value] = field(default_factory=dict)  # texts with a meaning of their own
    longest: int = LONGEST


def number(text: str) -> float:
    """Read a plain decimal number; raise Unreadable if it is none."""
    if not _DECIMAL.fullmatch(text):
        raise Unreadable("number")
    return float(text) + 0.0  # makes -0 a 0


def whole(text: str) -> int:
    """Read a whole number; raise Unreadable if it is none."""
    if not _WHOLE.fullmatch(text):
        raise Unreadable("whole")
    return int(text)


def flag(attribute: str) -> Name:
    """Return the name of something that is on, 1, or off, 0."""

    def read(text: str) -> bool:
        if text not in ("0", "1"):
            raise Unreadable("choice", "0, 1")
        return text == "1"

    return Name(read, attribute)


def write(value: Value) -> list[str]:
    """Return the shortest texts that are read back as the same value: 0.01, 1e-08, 3, "" for None."""
    if isinstance(value, tuple):
        return [text for one in value for text in write(one)]
    if isinstance(value, float):
        return [repr(value + 0.0).removesuffix(".0")]
    return ["" if value is None else str(int(value)) if isinstance(value, bool) else str(value)]
