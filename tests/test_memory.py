"""A server that two hundred visitors have opened and closed holds no more than one that a hundred and forty have."""

import asyncio
import subprocess
from concurrent.futures import ThreadPoolExecutor

from benchmarks.classroom import join
from benchmarks.serving import OURS, Served, served

#: Streamlit keeps 128 closed sessions for two minutes, in case their browsers come back.
FULL, ALL = 140, 200


def resident(app: Served) -> int:
    """Return the megabytes that the server holds in memory."""
    found = subprocess.run(["ps", "-o", "rss=", "-p", str(app.pid)], capture_output=True, text=True, check=True)
    return int(found.stdout) // 1000


async def visits(app: Served, count: int) -> None:
    for _ in range(count):
        visitor = await join(app)
        assert 0 < await visitor.open() < 60
        await visitor.socket.close()


def visited(app: Served, count: int) -> int:
    """Return the megabytes held after so many visits more."""
    with ThreadPoolExecutor(1) as thread:  # the browser of other tests keeps a loop running in this one
        thread.submit(asyncio.run, visits(app, count)).result()
    return resident(app)


def test_two_hundred_opens_and_closes_leave_nothing_behind():
    """Nobody collects after a run any more: what a visitor leaves must go all the same."""
    with served(OURS) as app:
        first = visited(app, 1)
        full = visited(app, FULL - 1)
        everything = visited(app, ALL - FULL)
    assert full - first < 150
    assert everything - full < 20  # a third of a megabyte a visitor would show
