"""Who comes first: the figures that readers wait for, before what only adds a sentence to those that are there."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

#: Seconds that a sentence gives way to figures at most.
PATIENCE = 3.0
#: Seconds that a browser has for the first charts of a visit, and for itself: it has only just begun.
FIRST = 0.7

_BEGUN = "charts.begun"

_changed = threading.Condition()
_figures = 0


@contextmanager
def drawing() -> Iterator[None]:
    """Count a figure as being drawn."""
    global _figures
    with _changed:
        _figures += 1
    try:
        yield
    finally:
        with _changed:
            _figures -= 1
            _changed.notify_all()


def give_way() -> None:
    """Wait until no figure is being drawn, if not too long."""
    with _changed:
        _changed.wait_for(lambda: not _figures, PATIENCE)


def let_paint() -> None:
    """Leave the browser to the first charts of a visit: what comes next would take turns with them."""
    if _BEGUN not in st.session_state:
        st.session_state[_BEGUN] = True
        time.sleep(FIRST)
