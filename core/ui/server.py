"""What the server does besides serving the app: it warms up, tells its health, compresses, previews links."""

import ctypes
import gc
import logging
import os
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from core.player import bundle
from core.ui import libraries
from core.ui.drawing import give_way
from core.ui.kept_files import KeptFiles
from core.ui.link_preview import LinkPreview

#: Whether the first scene can be drawn, and whether every scene's defaults are made.
_ready, _warm = threading.Event(), threading.Event()
#: glibc's M_ARENA_MAX.
_MOST_ARENAS = -8
#: Seconds that the other scenes give those readers who came during the start: making both at once takes longer.
_FIRST_PAGE = 1.5
_FAILED = (
    "Small Steps cannot start: what its pages need could not be made, so the pages would fail too. The error "
    "below says why; most often a package is missing or of another version: pip install -r requirements.txt"
)


def _quietly(make: Callable[[], object]) -> None:
    """Make something ahead of time; whoever asks for it next meets the error, if there was one."""
    with suppress(Exception):
        make()


def _share_heaps() -> None:
    """Let all threads allocate from two heaps: glibc gives each its own, and 100 MB stay in their gaps."""
    with suppress(AttributeError, OSError, TypeError):  # another C library, or none to ask
        ctypes.CDLL(None).mallopt(_MOST_ARENAS, 2)


def _give_back() -> None:
    """Give the system what only the start needed: 75 MB that the C library keeps for later."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _end(why: str) -> None:
    """End the process, from beside the server's loop, with a code that tells who started it."""
    logging.getLogger(__name__).exception(why)
    logging.shutdown()
    os._exit(1)


def _warm_up() -> None:
    try:
        libraries.load()
        from core.ui import device
        from core.ui.warm import warm

        try:
            device.asked()
        except ValueError as error:
            _end(f"Small Steps cannot start: {error}")
        bundle.build()
        for _ in warm():
            if not _ready.is_set():
                _ready.set()
                if libraries.awaited():
                    time.sleep(_FIRST_PAGE)
            give_way()
    except Exception:
        _end(_FAILED)
    # Streamlit collects after every run; what stays for good need not be looked through each time
    gc.collect()
    gc.freeze()
    _give_back()
    _warm.set()


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """Import what every page needs beside the first requests, then make the defaults of every scene.

    What fails ends the process: libraries, the warm-up, an environment that names a device that is none.
    """
    _share_heaps()
    libraries.will_load()
    threading.Thread(target=_quietly, args=(bundle.build,), name="bundle", daemon=True).start()  # beside the imports
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    yield


async def health(_: Request) -> JSONResponse:
    """Answer 200 once the first page can be drawn, 503 before, and say whether every scene is as quick by now."""
    if _ready.is_set():
        return JSONResponse({"status": "ok", "warm": _warm.is_set()})
    return JSONResponse({"status": "warming up"}, status_code=503)


_ANSWERS = {"/healthz": health, bundle.ROUTE: bundle.serve}
#: Each at the root, behind a proxy that strips the path of the app, and below any path, for `server.baseUrlPath`.
ROUTES = [Route(f"{base}{path}", answer) for path, answer in _ANSWERS.items() for base in ("", "/{base:path}")]
MIDDLEWARE = [Middleware(one) for one in (libraries.RunsWait, KeptFiles, GZipMiddleware, LinkPreview)]
