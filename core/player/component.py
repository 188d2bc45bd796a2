"""The player: a bar to play and scrub through training, over charts that share its step."""

import gzip
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from core.player import Chart, Hand, Plane, Series
from core.player.bundle import build, own
from core.player.source import loader
from core.text import Text
from core.ui.kept import store

_COMPONENT = st.components.v2.component("small_steps_player", js=loader(own().path))
#: Texts the browser needs; those with {placeholders} are filled in there.
_LABELS = (
    *("label", "play", "pause", "previous", "next", "speed", "scrubber", "at_step", "announcement"),
    *("separator", "nothing", "save", "save_chart", "failed"),
)


def _readable(value: float | None) -> float | None:
    """Return the value to the digits the read-out can show; None if it is not finite."""
    return float(f"{value:.4g}") if value is not None and math.isfinite(value) else None


def _within(step: int, steps: int) -> int:
    return min(max(step, 0), steps)


@dataclass(frozen=True)
class _Message:
    """What the browser is sent. It holds what it was made of: an object that lives lends its id to no other."""

    made_of: tuple[object, ...]
    sent: bytes
    nbytes: int


def _message(
    charts: Sequence[Chart], series: Sequence[Series], plane: Plane | None, rest: dict, language: str
) -> bytes:
    """Return charts, read-out, plane and the rest as bytes, made once for all who are shown the same."""
    made_of = (*charts, *series, plane)
    key = ("player", language, *map(id, made_of), *(str(v) for k, v in rest.items() if k != "text"))
    return store().made(key, lambda: _packed(charts, series, plane, rest)).sent


def _packed(charts: Sequence[Chart], series: Sequence[Series], plane: Plane | None, rest: dict) -> _Message:
    body = rest | {
        "charts": [vars(chart) for chart in charts],
        "series": [vars(one) | {"values": [_readable(value) for value in one.values]} for one in series],
        "plane": None if plane is None else asdict(plane),
    }
    text = json.dumps(body, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    # The socket does not compress; without a time stamp the same charts are the same bytes, sent once.
    sent = gzip.compress(text.encode(), compresslevel=1, mtime=0)
    return _Message((*charts, *series, plane), sent, len(sent) + 2 * len(text))  # as its charts, should they go first


#: What is called for a step, a point or a pick, if anything is.
_Called = Callable[[], None] | None


def _nothing() -> None:
    pass


def _mount(message: bytes, key: str, on_step: _Called, on_point: _Called, on_pick: _Called) -> None:
    _COMPONENT(
        data=message,
        key=key,
        on_step_change=on_step or _nothing,
        on_point_change=on_point or _nothing,
        on_pick_change=on_pick or _nothing,
    )


#: In the session's state: how often its players were told to open anew.
_OPENING = "player.opening"


def reopen() -> None:
    """Let every player go back to the step where it opens; for a callback."""
    st.session_state[_OPENING] = _opening() + 1


def _opening() -> int:
    return st.session_state.get(_OPENING, 0)


#: A settled step reruns this and nothing around it.
_mount_alone = st.fragment(_mount)


def _report(key: str, what: str) -> dict:
    """Return what the browser last said of the step, the point or the pick of the player `key`; {} if nothing."""
    report = st.session_state.get(key, {}).get(what)
    return report if isinstance(report, dict) else {}


def _opened(step: int, steps: int, holds: bool) -> list[int]:
    """Return what the reader's step is known by: it is where it opened else."""
    return [step, 0 if holds else steps, _opening()]


def settled_step(key: str, *, steps: int, step: int, holds: bool = False) -> int:
    """Return the step at which the reader left the player `key`, or `step` where it opened if not moved."""
    report = _report(key, "step")
    at = report.get("at")
    if report.get("opened") != _opened(step, steps, holds) or not isinstance(at, int):
        return _within(step, steps)
    return _within(at, steps)


def chosen_point(key: str, plane: Plane) -> tuple[float, float] | None:
    """Return the point that the reader has let go of in the player `key`, None if what was sent is none."""
    at = _report(key, "point").get("at")
    if not isinstance(at, (list, tuple)) or len(at) != 2:
        return None
    if not all(isinstance(c, (int, float)) and plane.low <= c <= plane.high for c in at):
        return None
    return float(at[0]), float(at[1])


def chosen_rate(key: str, hand: Hand) -> float | None:
    """Return the learning rate that the reader has let go of in the player `key`, None if what was sent is none."""
    rate = _report(key, "point").get("rate")
    return next((one for one in hand.rates if one == rate), None)


def picked(key: str) -> str | None:
    """Return the name of the mark that the reader has pressed in the player `key`, None if what was sent is none."""
    name = _report(key, "pick").get("at")
    return name if isinstance(name, str) else None


def player(
    charts: Sequence[Chart],
    *,
    steps: int,
    step: int,
    series: Sequence[Series],
    text: Text,
    key: str,
    on_step: _Called = None,
    usual: int | None = None,
    event: int | None = None,
    plane: Plane | None = None,
    on_point: _Called = None,
    on_pick: _Called = None,
    holds: bool = False,
    file: str = "",
) -> int:
    """Show the charts under one bar for steps 0..steps, opened at `step`; return where the reader left it.

    The browser plays without the server and reports a step once it rests. That reruns nothing of the page,
    unless `on_step` is given: then it is called first, and what surrounds the player reruns. The reader's
    step survives reruns until `step` or, unless it `holds`, `steps` changes, or `reopen` is called. The browser
    writes it into the address unless it is the `usual` one, None: never. A play holds for a while at the `event`.
    `on_point` is called once the reader has let go of the point of a `plane`, `on_pick` once a mark is pressed that
    picks something; what surrounds the player reruns. What a reader saves is named by `file`, the chart and the step.
    ValueError if two charts share a name or a number in a spec is not finite.
    """
    if len({chart.name for chart in charts}) < len(charts):
        raise ValueError(f"charts share a name: {[chart.name for chart in charts]}")
    rest = {
        "key": key,
        "bundle": build().path,
        "steps": steps,
        "step": _within(step, steps),
        "opened": _opened(step, steps, holds),
        "usual": usual,
        "event": event,
        "file": file,
        "text": {label: text(f"player.{label}") for label in _LABELS},
    }
    mount = _mount if on_step or on_point or on_pick else _mount_alone
    mount(_message(charts, series, plane, rest, text.language), key, on_step, on_point, on_pick)
    return settled_step(key, steps=steps, step=step, holds=holds)
