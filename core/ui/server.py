"""What the server does besides serving the app: it warms up, tells its health, compresses, previews links."""

import asyncio
import ctypes
import gc
import logging
import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from core.player import bundle
from core.ui.kept_files import KeptFiles
from core.ui.link_preview import LinkPreview

#: Whether the first scene can be drawn, and whether every scene's defaults are made.
_ready, _warm = threading.Event(), threading.Event()
#: glibc's M_ARENA_MAX.
_MOST_ARENAS = -8
_FAILED = (
    "Small Steps cannot start: what its pages need could not be made, so the pages would fail too. The error "
    "below says why; most often a package is missing or of another version: pip install -r requirements.txt"
)


def _import_libraries() -> None:
    import pandas  # noqa: F401
    import torch

    import core.charts  # Altair  # noqa: F401

    # One thread trains and the other cores serve pages: a second one would wait for them at every operation
    torch.set_num_threads(1)


def _quietly(make: Callable[[], object]) -> None:
    """Make something ahead of time; whoever asks for it next meets the error, if there was one."""
    with suppress(Exception):
        make()


def _share_heaps() -> None:
    """Let all threads allocate from two heaps: glibc gives each its own, and 100 MB stay in their gaps."""
    with suppress(AttributeError, OSError, TypeError):  # another C library, or none to ask
        ctypes.CDLL(None).mallopt(_MOST_ARENAS, 2)


def _warm_up() -> None:
    try:
        from core.ui.warm import warm

        bundle.build()
        for _ in warm():
            _ready.set()
    except Exception:
        logging.getLogger(__name__).exception(_FAILED)
        logging.shutdown()
        # from beside the server's loop, and with a code that tells who started it
        os._exit(1)
    # Streamlit collects after every run; what stays for good need not be looked through each time
    gc.collect()
    gc.freeze()
    _warm.set()


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """Import what every page needs before the first request, and make its defaults beside the first ones.

    Imports come first because two threads that import the same packages at once can get in each other's way.
    ValueError, which ends the start, where the environment names a device that is none; so do libraries that fail,
    and a failed warm-up ends the process.
    """
    _share_heaps()
    threading.Thread(target=_quietly, args=(bundle.build,), name="bundle", daemon=True).start()  # beside the imports
    try:
        await asyncio.to_thread(_import_libraries)
    except Exception:
        logging.getLogger(__name__).exception(_FAILED)
        raise
    from core.ui import device

    device.asked()
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
MIDDLEWARE = [Middleware(KeptFiles), Middleware(GZipMiddleware), Middleware(LinkPreview)]
