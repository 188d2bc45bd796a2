"""A chart's data as a reader saves them: a row an observation, a column a quantity, one value a cell."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Grid:
    """`count` even places from `low` to `high`: each for `each` values, and from the start again after the last."""

    low: float
    high: float
    count: int
    each: int = 1

    @property
    def gap(self) -> float:
        """How far one place is from the next."""
        return (self.high - self.low) / (self.count - 1)


#: Counts the values of a list from 1.
COUNTED = Grid(1, 10**6, 10**6)
#: The cells that a series has of its own, and its other fields by the columns that hold them.
Series = tuple[Mapping[str, Any], Mapping[str, str]]


@dataclass(frozen=True)
class Saved:
    """The table that the browser makes of the data it draws from, which are packed so as to be few.

    `columns` are its fields, in order, and what they are called. `series`: a row becomes one for each of them.
    `lists`: the fields that hold many values apart by spaces; a row becomes one for each value, and `places` are
    fields that tell these apart. `words`: what stands for the values of a field.
    """

    columns: Mapping[str, str]
    series: Sequence[Series] = ()
    lists: Sequence[str] = ()
    places: Mapping[str, Grid] = field(default_factory=dict)
    words: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return it as the browser takes it."""
        return {name: value for name, value in asdict(self).items() if value}


def lines_saved(
    told: Sequence[Mapping[str, Any]], columns: Sequence[str], value: str, along: tuple[str, str] = ("step", "step")
) -> Saved:
    """Return a row for each line at each place: the place, what is `told` of the line, and the line's `value` there.

    `columns` hold the lines, `along` is the column of the places and what these are called.
    """
    place, called = along
    series = [(cells, {value: column}) for cells, column in zip(told, columns, strict=True)]
    return Saved({place: called, **{name: name for name in (*told[0], value)}}, series)
