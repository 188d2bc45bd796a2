"""Scripts served from our own address for good: Vega with Vega-Lite and vega-embed, and the player itself."""

import gzip
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

from starlette.requests import Request
from starlette.responses import Response

from core.player.source import joined

#: Prints the script that sets `window.vegaEmbed`.
_VEGA = """
import sys, vl_convert
sys.stdout.buffer.write(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").encode())
"""
_building = threading.Lock()
#: The route of `serve`.
ROUTE = "/player/{file}"
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Bundle:
    """A script as it is and compressed, under the file name that carries its hash."""

    script: bytes
    compressed: bytes
    file: str

    @property
    def path(self) -> str:
        """Its address from the root of the app."""
        return f"/player/{self.file}"


def _bundle(name: str, script: bytes) -> Bundle:
    # Compressed here once: a class of sixty phones would otherwise cost sixty compressions of 0.9 MB.
    return Bundle(script, gzip.compress(script, mtime=0), f"{name}-{sha256(script).hexdigest()[:16]}.js")


@cache
def _vega() -> Bundle:
    return _bundle("vega", _kept_script(version("vl-convert-python")))


def _kept_script(of_version: str) -> bytes:
    """Return Vega's script, which an earlier start may have left in the user's cache; else make it and leave it."""
    folder = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    file = Path(folder, "small-steps", f"vega-{of_version}.js")
    with suppress(OSError):
        return file.read_bytes()
    script = subprocess.run([sys.executable, "-c", _VEGA], stdout=subprocess.PIPE, check=True).stdout
    with suppress(OSError):  # a home that cannot be written to: the next start makes it again
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, delete=False) as whole:  # a start beside this one reads no half
            whole.write(script)
        Path(whole.name).replace(file)
    return script


def build() -> Bundle:
    """Build the script that sets `window.vegaEmbed`, once; takes about 2 s, so do it before the first visitor.

    A process of its own does it, whose 90 MB go with it; later starts find it in the user's cache.
    CalledProcessError where it fails.
    """
    with _building:
        return _vega()


@cache
def own() -> Bundle:
    """Return the player's own script."""
    return _bundle("player", joined().encode())


def ready_paths() -> tuple[str, ...]:
    """Return the addresses a page will ask for, none while Vega's script is not built."""
    return (build().path, own().path) if _vega.cache_info().currsize else ()


def serve(request: Request) -> Response:
    """Answer with a script, compressed where the browser takes that; it is built if it was not yet."""
    asked = request.path_params["file"]
    bundle = own() if asked == own().file else build()
    if asked != bundle.file:
        return Response(status_code=404)
    headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(bundle.compressed, media_type="text/javascript", headers=headers)
    return Response(bundle.script, media_type="text/javascript", headers=headers)
