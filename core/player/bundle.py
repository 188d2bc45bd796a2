"""The script of Vega, Vega-Lite and vega-embed, built once and served from our own address."""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import vl_convert
from starlette.requests import Request
from starlette.responses import Response

#: The route of `serve`.
ROUTE = "/player/{file}"
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Bundle:
    """The script as it is and compressed, under the file name that carries its hash."""

    script: bytes
    compressed: bytes
    file: str


@cache
def build() -> Bundle:
    """Build the script that sets `window.vegaEmbed`; takes about 2 s, so do it before the first visitor."""
    script = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").encode()
    # Compressed here once: a class of sixty phones would otherwise cost sixty compressions of 0.9 MB.
    file = f"vega-{sha256(script).hexdigest()[:16]}.js"
    return Bundle(script, gzip.compress(script, mtime=0), file)


def bundle_path() -> str:
    """Return the address of the script, from the root of the app."""
    return f"/player/{build().file}"


def ready_path() -> str | None:
    """Return that address, or None while the script is not built."""
    return bundle_path() if build.cache_info().currsize else None


def serve(request: Request) -> Response:
    """Answer with the script, compressed where the browser takes that; it is built if it was not yet."""
    bundle = build()
    if request.path_params["file"] != bundle.file:
        return Response(status_code=404)
    headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(bundle.compressed, media_type="text/javascript", headers=headers)
    return Response(bundle.script, media_type="text/javascript", headers=headers)
