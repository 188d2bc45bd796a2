"""Answers that never change, made and compressed once: a page is some sixty files of Streamlit's."""

from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Bytes that are kept at most; Streamlit's own files are less when compressed.
MOST = 16 * 2**20
#: Requests with these want something else than the whole file.
_PARTIAL = ("range", "if-range", "if-none-match", "if-modified-since")


@dataclass(frozen=True)
class _Answer:
    start: Message
    body: bytes


class KeptFiles:
    """ASGI middleware that answers from memory what its server calls immutable, outside of what compresses it.

    Streamlit reads and compresses its files anew for every visitor: 75 ms of a processor each, several seconds for a
    class that opens a link together.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.kept: dict[tuple[str, str, bool], _Answer] = {}
        self.nbytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; only a whole file, asked for with GET, is kept."""
        headers = Headers(scope=scope) if scope["type"] == "http" else {}
        if scope["type"] != "http" or scope["method"] != "GET" or any(name in headers for name in _PARTIAL):
            await self.app(scope, receive, send)
            return
        key = (scope.get("root_path", ""), scope["path"], "gzip" in headers.get("accept-encoding", ""))
        if (answer := self.kept.get(key)) is not None:
            await send(answer.start)
            await send({"type": "http.response.body", "body": answer.body})
            return
        sent: list[Message] = []  # of an answer that is worth keeping

        async def note(message: Message) -> None:
            if sent or _is_immutable(message):
                sent.append(message)
            await send(message)

        await self.app(scope, receive, note)
        self._keep(key, sent)

    def _keep(self, key: tuple[str, str, bool], sent: list[Message]) -> None:
        if not sent or sent[-1].get("more_body", False):
            return  # nothing, or not the whole of it
        body = b"".join(message.get("body", b"") for message in sent[1:])
        if self.nbytes + len(body) > MOST:
            return
        headers = MutableHeaders(raw=list(sent[0]["headers"]))
        headers["content-length"] = str(len(body))
        start = {**sent[0], "headers": headers.raw}
        self.kept[key] = _Answer(start, body)
        self.nbytes += len(body)


def _is_immutable(message: Message) -> bool:
    if message["type"] != "http.response.start" or message["status"] != 200:
        return False
    return "immutable" in Headers(raw=message["headers"]).get("cache-control", "")
