"""Trainings and what else takes a while: kept by `st.cache_resource` under a text, made when asked for first."""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, cast

import streamlit as st

from core import frames, link
from core.history import History
from core.spec import Experiment
from core.text import Text
from core.training import Device, Progress, train
from core.ui.trainer import Busy, Job, Trainer


class Result(Protocol):
    """What can be kept: it knows its size."""

    @property
    def nbytes(self) -> int:
        """The memory it takes."""


T = TypeVar("T", bound=Result)

#: How many results are kept, and how many bytes of them.
MAX_ENTRIES = 256
MAX_BYTES = 512_000_000
#: Where to train: "auto", "cpu" or "cuda", from the environment of the server.
DEVICE = cast(Device, os.environ.get("SMALL_STEPS_DEVICE", "auto"))
#: Seconds before a wait shows its progress, and between two looks at it.
PATIENCE, GLANCE = 0.8, 0.15


@dataclass(eq=False)
class Slot:
    """The place of one result; empty until it is made, and again when it is dropped for space."""

    result: Any = None


@dataclass(eq=False)
class Ledger:
    """The filled slots, least recently used first, and the bytes they hold."""

    slots: OrderedDict[str, Slot] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, key: str, slot: Slot) -> None:
        """Mark a slot as just used and empty the oldest ones while there are too many bytes."""
        with self.lock:
            self.slots[key] = slot
            self.slots.move_to_end(key)
            held = sum(s.result.nbytes for s in self.slots.values() if s.result is not None)
            while held > MAX_BYTES and len(self.slots) > 1:
                _, oldest = self.slots.popitem(last=False)
                held -= oldest.result.nbytes if oldest.result is not None else 0
                oldest.result = None


@st.cache_resource(max_entries=MAX_ENTRIES, show_spinner=False)
def _slot(key: str) -> Slot:
    # Only the slot is made here: a cached function may not show progress.
    return Slot()


@st.cache_resource(show_spinner=False)
def _ledger() -> Ledger:
    return Ledger()


@st.cache_resource(show_spinner=False)
def _trainer() -> Trainer:
    return Trainer()


def _training(experiment: Experiment) -> Callable[[Progress], History]:
    return lambda progress: train(experiment, device=DEVICE, on_progress=progress)


def keep(experiment: Experiment) -> History:
    """Train an experiment and keep it, with nobody to show progress to: for the warm-up."""
    return keep_computed(link.canonical(experiment), _training(experiment))


def keep_computed(key: str, work: Callable[[Progress], T]) -> T:
    """Do the work and keep its result for `computed`, with nobody to show progress to: for the warm-up."""
    job = _trainer().join(key, work)
    try:
        job.done.wait()
    finally:
        _trainer().leave(job)
    return _kept(key, _slot(key), job)


def _kept(key: str, slot: Slot, job: Job) -> Any:
    if job.error is not None:
        raise job.error
    result = slot.result = job.result
    _ledger().note(key, slot)
    return result


def trained(experiment: Experiment, text: Text) -> History | None:
    """Return the experiment's history, as `computed` does."""
    what = text("wait.training", runs=f"{len(experiment.runs):,}", steps=f"{experiment.steps:,}")
    return computed(link.canonical(experiment), _training(experiment), text, what)


def computed(key: str, work: Callable[[Progress], T], text: Text, what: str = "") -> T | None:
    """Return the result kept under the key, or do the work, with progress if that takes a while.

    `what` says what is being done. None, after a notice with a button to try again, where too many wait
    already. The work stops when the reader moves on and nobody else waits for it.
    """
    slot = _slot(key)
    result = slot.result
    if result is not None:
        _ledger().note(key, slot)
        return result
    try:
        job = _trainer().join(key, work)
    except Busy:
        st.warning(text("wait.busy"), icon=":material/hourglass:")
        st.button(text("wait.again"), key=f"again:{key}")
        return None
    try:
        _wait(job, what or text("wait.computing"), text)
    finally:
        _trainer().leave(job)
    return _kept(key, slot, job)


def _wait(job: Job, what: str, text: Text) -> None:
    """Wait for the job, first quietly, then with a bar; a rerun of the script ends it at the bar."""
    if job.done.wait(PATIENCE):
        return
    place = st.empty()
    begun = time.monotonic()
    while not job.done.is_set():
        place.progress(min(job.share, 1.0), _status(job, what, text))
        # Slower looks after a while: each one is a message to the browser.
        job.done.wait(GLANCE if time.monotonic() - begun < 5 else 4 * GLANCE)
    place.empty()


def _status(job: Job, what: str, text: Text) -> str:
    ahead = _trainer().ahead_of(job)
    if ahead:
        return text("wait.queue", ahead=ahead)
    left = job.seconds_left()
    return what if left is None else f"{what} {text('wait.left', seconds=max(1, round(left)))}"


def fair_race(experiment: Experiment, text: Text) -> Experiment | None:
    """Return the experiment with each optimizer at its own best rate of the ladder; None after a notice."""
    try:
        sweep = frames.sweep_of(experiment)
    except ValueError:
        st.warning(text("control.refused.budget"), icon=":material/block:")
        return None
    history = trained(sweep, text)
    if history is None:
        return None
    return frames.at_best_rates(experiment, frames.best_rates(frames.sweep_frame(history)))
