"""Trainings and what else takes a while: made in the queue when asked for first, and kept for whoever asks next."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from core.analysis.rounding import Twin
from core.engine.history import History
from core.engine.training import Progress
from core.link import forms
from core.spec.experiment import Experiment
from core.text import Text
from core.ui import device
from core.ui.kept import store
from core.ui.trainer import LONGEST_WAIT, Busy, Job, Trainer, Work
from core.ui.works import Computation, Training

T = TypeVar("T")

DEVICE = device.asked()
#: Seconds before a wait shows its progress, and between two looks at it.
PATIENCE, GLANCE = 0.8, 0.15
#: Seconds between two looks for each work that is not done.
CROWDED = 0.02


@st.cache_resource(show_spinner=False)
def _trainer() -> Trainer:
    return Trainer(store())


def keep(experiment: Experiment) -> History:
    """Train an experiment and keep it, with nobody to show progress to: for the warm-up."""
    return _kept(forms.canonical(experiment), Training((experiment,), DEVICE))


def keep_computed(key: str, work: Callable[[Progress], T], units: float) -> T:
    """Do the work and keep its result for `computed`, with nobody to show progress to: for the warm-up."""
    return _kept(key, Computation(work, units))


def _joined(key: str, work: Work) -> Job:
    """Join the queue, if need be after a while: a class at the door must not keep the server from warming up."""
    while True:
        try:
            return _trainer().join(key, work, spare=True)
        except Busy:
            time.sleep(1)


def _kept(key: str, work: Work) -> Any:
    job = _joined(key, work)
    try:
        job.done.wait()
    finally:
        _trainer().leave(job)
    return _result(job)


def _result(job: Job) -> Any:
    if job.error is not None:
        raise job.error
    return job.result


def trained(experiment: Experiment, text: Text) -> History | None:
    """Return the experiment's history, as `computed` does."""
    what = text("wait.training", runs=f"{experiment.columns:,}", steps=f"{experiment.steps:,}")
    return _asked(forms.canonical(experiment), Training((experiment,), DEVICE), text, what)


def computed(key: str, work: Callable[[Progress], T], units: float, text: Text, what: str = "") -> T | None:
    """Return the result kept under the key, or do the work, with progress if that takes a while.

    `units` is about what it costs, as `Experiment.effort`; `what` says what is being done. None, after a notice with
    a button to try again, where too much waits already. The work stops when the reader moves on and nobody else
    waits for it.
    """
    return _asked(key, Computation(work, units), text, what or text("wait.computing"))


def keep_twin(history: History) -> Twin:
    """Train a history's twin in another rounding and keep it: for the warm-up."""
    return _kept(*_twin(history.experiment))


def twin(history: History, text: Text) -> Twin | None:
    """Return the history's twin in another rounding, as `computed` does."""
    return _asked(*_twin(history.experiment), text, text("wait.rounding"))


def _twin(e: Experiment) -> tuple[str, Work]:
    return f"twin?{forms.canonical(e)}", Training((e,), "cpu", twins=True)


def _asked(key: str, work: Work, text: Text, what: str) -> Any:
    found = store().get(key)
    if found is not None:
        return found
    try:
        job = _trainer().join(key, work)
    except Busy:
        st.warning(text("wait.busy", seconds=f"{LONGEST_WAIT:g}"), icon=":material/hourglass:")
        st.button(text("wait.again"), key=f"again:{key}")
        return None
    try:
        _wait(job, what, text)
    finally:
        _trainer().leave(job)
    return _result(job)


def _wait(job: Job, what: str, text: Text) -> None:
    """Wait for the job, first quietly, then with a bar; a rerun of the script ends it at the bar."""
    if job.done.wait(PATIENCE):
        return
    place = st.empty()
    begun = time.monotonic()
    while not job.done.is_set():
        place.progress(min(_trainer().share_of(job), 1.0), _status(job, what, text))
        # Slower looks after a while, and in a crowd: each one is a message to a browser.
        pause = GLANCE if time.monotonic() - begun < 5 else 4 * GLANCE
        job.done.wait(max(pause, CROWDED * _trainer().pending))
    place.empty()


def _status(job: Job, what: str, text: Text) -> str:
    """Say what is done and for how long, or how many works come before it."""
    ahead, seconds = _trainer().wait_of(job)
    left = text("wait.left", seconds=max(1, round(seconds)))
    return text("result.space").join((text("wait.queue", ahead=ahead) if ahead else what, left))
