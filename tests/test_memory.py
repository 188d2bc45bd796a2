"""A server that two hundred visitors have opened and closed holds no more than one that a hundred and forty have."""

import asyncio
import subprocess

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


def test_two_hundred_opens_and_closes_leave_nothing_behind():
    """Nobody collects after a run any more: what a visitor leaves must go all the same."""
    with served(OURS) as app:
        asyncio.run(visits(app, 1))
        first = resident(app)
        asyncio.run(visits(app, FULL - 1))
        full = resident(app)
        asyncio.run(visits(app, ALL - FULL))
        everything = resident(app)
    assert full - first < 150
    assert everything - full < 20  # a third of a megabyte a visitor would show
