"""What the player shows: charts that share its step, and what is read off at each step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Chart:
    """One chart: a single or layered Vega-Lite view, its width and height set by the player.

    `spec` follows the player through a top-level parameter named "step", if it has one. `columns` of 12 are
    its share of a wide row; up to 3 it also pairs up on a phone. `height` is in pixels, axes included. `name`
    is its file name and must differ within a player. With `step_axis` its x scale is the step: a click goes
    there. The height of a `main` chart follows the screen; that
    of a `rigid` one, drawn to the pixel, never shrinks. On a `plane` the player's point is dragged: its y scale is
    the first coefficient, its x scale the second. A `tall` one is as high as the two after
    it, which stand over each other beside it. With `picks` a press on a mark whose row has a `pick` picks that.
    """

    spec: dict
    title: str
    alt: str
    columns: int = 12
    height: int = 300
    name: str = "chart"
    step_axis: bool = False
    main: bool = False
    rigid: bool = False
    plane: bool = False
    tall: bool = False
    picks: bool = False


@dataclass(frozen=True)
class Series:
    """One entry of the read-out: a value for each step 0..steps, None where there is nothing to read."""

    name: str
    colour: str
    dash: tuple[int, ...]
    values: Sequence[float | None]


@dataclass(frozen=True)
class Walker:
    """An optimizer that the browser lets walk from the point: its coefficients of the one rule by name."""

    name: str
    row: Mapping[str, float]
    rate: float


@dataclass(frozen=True)
class Hand:
    """Steps that are taken by hand: the learning rate of all walkers, which is dragged, and buttons for steps.

    `words` name the `rate` and what takes `one` step, `ten`, or `all` that are left; `until` says when that is.
    """

    name: str  # of the learning rate in a link
    rate: float
    rates: Sequence[float]  # that it is dragged along, rising, its own among them
    words: Mapping[str, str]


@dataclass(frozen=True)
class Plane:
    """A point of two coefficients that the reader drags, and what the browser needs for all that follows from it.

    While it is dragged the browser puts new rows where a chart has data named "guess" (c1, c2 and `said` of them),
    "residuals" (x, y, at), "curve" (x, y), "paths" (step, c1, c2, name) or, of the first walker's steps by `hand`,
    "hand" (step, rate, c1, c2, their slopes g1, g2, and n1, n2, where the next step leads); what has none of these is
    faded. Then Python sends its own. `said` has places for {c1}, {c2} and {loss}; `handle` tells a screen reader how
    to move the point. `reach`: beyond that far from 0 no path is drawn. With a `hand`, step 0 is where it is put.
    """

    names: tuple[str, str]  # of the coefficients in a link
    point: tuple[float, float]
    low: float
    high: float
    grid: float  # coefficients are multiples of it
    formula: str
    x: Sequence[float]
    y: Sequence[float]
    curve: Sequence[float]  # the x of its points
    walkers: tuple[Walker, ...]
    steps: int
    reach: float
    said: str
    handle: str
    hand: Hand | None = None
