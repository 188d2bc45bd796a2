"""Who comes first: the figures that readers wait for, before what only adds a sentence to those that are there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: Seconds that a sentence gives way to figures at most.
PATIENCE = 3.0

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
