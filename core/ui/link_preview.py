"""The served HTML speaks for the page it opens: title, description and language, also in link previews."""

import gzip
import re
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from core.player.bundle import ready_paths
from core.text import LANGUAGES, Text
from core.ui import libraries

#: A page tells Streamlit's browser side where the app's root is: above the last segment of its address,
#: whatever a proxy put before. Left to guess, it first sends two requests to below the page, which fail.
_ROOT = """<script>
  window.__streamlit = {BACKEND_BASE_URL: location.origin + location.pathname.replace(/[^/]*$/, "")}
</script>"""
_TITLE = "<title>Streamlit</title>"
_LANGUAGE = '<html lang="en">'


def language_of(query: bytes) -> str:
    """Return the language that a query string names, English where it names none that is known."""
    named = parse_qs(query.decode("latin-1")).get("lang", [""])[-1]
    return named if named in LANGUAGES else LANGUAGES[0]


def _words(url_path: str, query: str, text: Text) -> tuple[str, str]:
    """Return title and description: a scene's question and its lead, or that nothing is at the address."""
    from core.ui.sections import section_at  # not with the rest: it imports torch

    section = section_at(url_path)
    if section is None:
        return text("shell.missing.title"), text("shell.missing.description")
    scene = section.scene_at(parse_qs(query, keep_blank_values=True))
    return text(scene.word("question")), re.sub(r"[*$`]", "", text(scene.word("lead")))


def head(url_path: str, text: Text, query: str = "") -> str:
    """Return the title, the meta tags and the root of the page at an address below that root.

    While the libraries are still imported there are no scenes: the title is the app's, until the page's run sets it.
    """
    name = text("shell.name")
    scripts = f"{_ROOT if url_path else ''}<script>{_history()}</script>{_preload()}"
    if libraries.missing():
        return f"{scripts}<title>{escape(name)}</title>"
    question, about = map(escape, _words(url_path, query, text))
    title = f"{question} · {escape(name)}"
    return (
        f"{scripts}<title>{title}</title>"
        f'<meta name="description" content="{about}">'
        f'<meta property="og:type" content="website">'
        f'<meta property="og:site_name" content="{escape(name)}">'
        f'<meta property="og:title" content="{title}">'
        f'<meta property="og:description" content="{about}">'
    )


@cache
def _history() -> str:
    """Return the script that decides what is an entry of the history: it has to be there before Streamlit is."""
    return Path(__file__).with_name("history.js").read_text(encoding="utf-8")


def _preload() -> str:
    """Return the tags that let the browser fetch the player's scripts beside Streamlit's, not after them."""
    return "".join(f'<link rel="modulepreload" crossorigin href=".{path}">' for path in ready_paths())


def rewritten(html: bytes, url_path: str, query: bytes) -> bytes:
    """Return Streamlit's HTML with the head of what the address means; anything else unchanged."""
    language = language_of(query)
    page = html.decode("utf-8")
    page = page.replace(_LANGUAGE, f'<html lang="{language}">', 1)
    return page.replace(_TITLE, head(url_path, Text(language), query.decode("latin-1")), 1).encode("utf-8")


def address_in(scope: Scope) -> str:
    """Return the requested path below the app's root, without slashes around it."""
    path = scope["path"].removeprefix(scope.get("root_path", "")).strip("/")
    base = (config.get_option("server.baseUrlPath") or "").strip("/")
    return path[len(base) :].strip("/") if base and f"{path}/".startswith(f"{base}/") else path


class LinkPreview:
    """ASGI middleware that rewrites every HTML page that Streamlit serves.

    No page has a second path segment, and its relative files would not be found below one: such an
    address goes to its first segment. The rewritten page is not compressed: that is for what stands outside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; only complete HTML answers to GET are held back and changed."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        held: list[Message] = []

        async def hold(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                held.append(message)
            elif held:
                held.append(message)
                if not message.get("more_body", False):
                    await self._answer(scope, receive, send, held)
            else:
                await send(message)

        await self.app(scope, receive, hold)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, held: list[Message]) -> None:
        start, *chunks = held
        address = address_in(scope)
        if "/" in address:
            # relative, as a proxy may have taken a path off that the browser has to keep
            first = "../" * address.count("/") + address[: address.index("/")]
            query = scope["query_string"].decode("latin-1")
            await RedirectResponse(f"{first}?{query}" if query else first)(scope, receive, send)
            return
        headers = MutableHeaders(raw=start["headers"])
        body = b"".join(m.get("body", b"") for m in chunks)
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
            del headers["content-encoding"]
        body = rewritten(body, address, scope["query_string"])
        headers["content-length"] = str(len(body))
        # they belong to Streamlit's file, and would keep an old head in the reader's cache
        del headers["etag"], headers["last-modified"], headers["accept-ranges"]
        await send(start)
        await send({"type": "http.response.body", "body": body})


def _is_page(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return start["status"] == 200 and kind.startswith("text/html")
