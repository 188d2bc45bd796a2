"""The one cache: bounded by bytes, each key made once, nobody waiting for another's."""

import threading
from collections import Counter
from dataclasses import dataclass

import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.ui.kept import Kept, size_of


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 500)), max_size=60))
def test_no_more_than_its_bytes_are_held_and_the_last_used_stay(puts):
    kept = Kept(3000)
    last: dict[int, bytes] = {}
    for key, length in puts:
        last[key] = bytes(length)
        kept.put(key, last[key])
        assert kept.nbytes <= 3000
        assert kept.get(key) is last[key]
    held = [key for key in last if kept.get(key) is not None]
    assert kept.nbytes == sum(size_of(last[key]) for key in held)


def test_one_that_is_too_large_is_handed_out_but_not_kept():
    kept = Kept(1000)
    assert len(kept.made("a", lambda: bytes(5000))) == 5000
    assert kept.get("a") is None
    assert kept.nbytes == 0


def test_many_who_ask_at_once_make_it_once():
    kept, calls, go = Kept(), Counter(), threading.Event()

    def make(key):
        calls[key] += 1
        go.wait(5)
        return [key]

    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda k=k: found.append(kept.made(k, lambda: make(k)))) for k in "aaaabbbb"]
    for thread in threads:
        thread.start()
    assert kept.made("c", lambda: "nobody is waited for") == "nobody is waited for"
    go.set()
    for thread in threads:
        thread.join(5)
    assert calls == {"a": 1, "b": 1}
    assert len({id(one) for one in found}) == 2


def test_an_error_is_not_kept():
    kept = Kept()
    with pytest.raises(ZeroDivisionError):
        kept.made("a", lambda: 1 / 0)
    assert kept.made("a", lambda: 1) == 1


@dataclass(frozen=True)
class Figure:
    charts: tuple[dict, ...]
    table: pd.DataFrame


def test_what_a_figure_is_made_of_is_counted():
    numbers, table = [i / 7 for i in range(10_000)], pd.DataFrame({"x": range(5000)})
    assert size_of(Figure(({"values": numbers},), table)) > 32 * 10_000 + 8 * 5000
    assert size_of(torch.zeros(1000)) >= 4000
    twice = Figure(({"values": numbers}, {"values": numbers}), table)
    assert size_of(twice) < 1.1 * size_of(Figure(({"values": numbers},), table))
