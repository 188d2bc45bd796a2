"""What is computed is kept: one cache for results and figures, bounded by the bytes they take."""

import sys
import threading
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future
from dataclasses import fields, is_dataclass
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

import pandas as pd
import streamlit as st
from cachetools import LRUCache

T = TypeVar("T")
P = ParamSpec("P")

#: How many bytes are kept.
MOST_BYTES = 512_000_000


def size_of(value: Any) -> int:
    """Return about how many bytes a result or a figure takes: what it is made of, each part once."""
    seen: set[int] = set()
    total, left = 0, [value]
    while left:
        part = left.pop()
        if isinstance(part, (int, float)) or part is None:
            total += 32
            continue
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, str):
            total += 60 + len(part)
        elif isinstance(part, Mapping):
            total += 100 + 100 * len(part)  # its names are shared by many
            left += part.values()
        elif isinstance(part, (list, tuple, set, frozenset)):
            total += 56 + 8 * len(part)
            left += part
        elif isinstance(part, pd.DataFrame):
            total += int(part.memory_usage(deep=True).sum())
        elif (held := getattr(part, "nbytes", None)) is not None:
            total += held
        elif is_dataclass(part) and not isinstance(part, type):
            left += [getattr(part, one.name) for one in fields(part)]
        else:
            total += sys.getsizeof(part)
    return total


class Kept:
    """The least recently used make room; one larger than all the room is not kept."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._kept: LRUCache[Hashable, tuple[Any, int]] = LRUCache(most, getsizeof=lambda entry: entry[1])
        self._making: dict[Hashable, Future] = {}
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        """How many bytes are held."""
        return int(self._kept.currsize)

    def get(self, key: Hashable) -> Any:
        """Return what is kept under a key, and mark it as just used; None if nothing is."""
        with self._lock:
            entry = self._kept.get(key)
        return None if entry is None else entry[0]

    def put(self, key: Hashable, value: Any) -> None:
        """Keep a value, if there is room for it."""
        entry = (value, size_of(value))
        with self._lock:
            if entry[1] <= self._kept.maxsize:
                self._kept[key] = entry

    def made(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under a key, or make it: once for all who ask at once; other keys don't wait for it."""
        while True:
            with self._lock:
                if (entry := self._kept.get(key)) is not None:
                    return entry[0]
                making = self._making.get(key)
                if making is None:
                    mine = self._making[key] = Future()
                    break
            if making.exception() is None:
                return making.result()
            # whoever made it failed; this one tries, and sees its own error
        try:
            value = make()
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            self.put(key, value)
            mine.set_result(value)
            return value
        finally:
            with self._lock:
                del self._making[key]


@st.cache_resource(show_spinner=False)
def store() -> Kept:
    """Return the one cache of this server."""
    return Kept()


def kept(make: Callable[P, T]) -> Callable[P, T]:
    """Keep what a function makes under its arguments; one that begins with an underscore is no part of the key."""
    counted = [i for i, name in enumerate(signature(make).parameters) if not name.startswith("_")]
    name = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def ask(*arguments: P.args, **named: P.kwargs) -> T:
        if named:
            raise TypeError(f"{name} takes its arguments by place only")
        key = (name, *(arguments[i] for i in counted))
        return store().made(key, lambda: make(*arguments, **named))

    return ask
