"""What the player shows: charts that share its step, and what is read off at each step."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Chart:
    """One chart: a single or layered Vega-Lite view, its width and height set by the player.

    `spec` follows the player through a top-level parameter named "step", if it has one. `columns` of 12 are
    its share of a wide row; up to 3 it also pairs up on a phone. `height` is in pixels, axes included. `name`
    is its file name and must differ within a player. With `step_axis` its x scale is the step: a click goes
    there. The height of a `main` chart follows the screen; that
    of a `rigid` one, drawn to the pixel, never shrinks.
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


@dataclass(frozen=True)
class Series:
    """One entry of the read-out: a value for each step 0..steps, None where there is nothing to read."""

    name: str
    colour: str
    dash: tuple[int, ...]
    values: Sequence[float | None]
