"""The libraries that take seconds to import: files are served before they are there, and runs wait for them."""

import asyncio
import threading

from starlette.types import ASGIApp, Receive, Scope, Send

_loading, _awaited = threading.Event(), threading.Event()


def missing() -> bool:
    """Return whether they are still being imported."""
    return _loading.is_set()


def awaited() -> bool:
    """Return whether a reader came before they were there."""
    return _awaited.is_set()


def will_load() -> None:
    """Let runs wait, until `load` is done."""
    _loading.set()


def load() -> None:
    """Import them."""
    import pandas  # noqa: F401
    import torch

    import core.charts  # Altair  # noqa: F401

    # One thread trains and the other cores serve pages: a second one would wait for them at every operation
    torch.set_num_threads(1)
    _loading.clear()


class RunsWait:
    """ASGI middleware that lets a page's run begin once the libraries are there, while its files come already.

    Two threads that import the same packages at once can get in each other's way.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request on, the connection that runs go through not before its time."""
        while scope["type"] == "websocket" and missing():
            _awaited.set()
            await asyncio.sleep(0.01)
        await self.app(scope, receive, send)
