"""What is served from memory is what the server behind would have served."""

import gzip

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from core.ui import kept_files
from core.ui.kept_files import KeptFiles
from tests.test_server import ask

FOREVER = {"cache-control": "public, immutable"}
BODY = b"let me = 'small steps';" * 999


@pytest.fixture
def asked():
    return []


@pytest.fixture
def app(asked):
    def once(request):
        asked.append(request.url.path)
        return StreamingResponse(iter([BODY[:100], BODY[100:]]), headers=FOREVER)

    def changing(request):
        asked.append(request.url.path)
        return Response(BODY, headers={"cache-control": "no-cache"})

    def missing(request):
        asked.append(request.url.path)
        return Response("no", status_code=404, headers=FOREVER)

    routes = [Route("/file.js", once), Route("/other.js", once), Route("/page", changing), Route("/none.js", missing)]
    return Starlette(routes=routes, middleware=[Middleware(KeptFiles), Middleware(GZipMiddleware)])


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_an_immutable_file_is_made_once_and_answered_alike(app, asked, encoding):
    first, second = (ask(app, "/file.js", accept_encoding=encoding) for _ in range(2))
    assert asked == ["/file.js"]
    assert first.body == second.body
    assert (gzip.decompress(second.body) if encoding else second.body) == BODY
    assert second.headers.pop("content-length") == str(len(second.body))
    assert second.headers.get("content-encoding", "") == encoding
    assert first.headers | {"content-length": ""} == second.headers | {"content-length": ""}


def test_encodings_and_files_are_kept_apart(app, asked):
    ask(app, "/file.js", accept_encoding="gzip")
    assert ask(app, "/file.js").body == BODY
    assert ask(app, "/other.js").body == BODY
    assert asked == ["/file.js", "/file.js", "/other.js"]


@pytest.mark.parametrize("path", ["/page", "/none.js"])
def test_what_may_change_is_asked_for_anew(app, asked, path):
    answers = [ask(app, path).status for _ in range(2)]
    assert asked == [path, path]
    assert answers == [404 if path == "/none.js" else 200] * 2


@pytest.mark.parametrize("header", ["range", "if_none_match", "if_modified_since"])
def test_a_part_or_a_question_goes_to_the_server(app, asked, header):
    ask(app, "/file.js")
    ask(app, "/file.js", **{header: "bytes=0-1"})
    assert len(asked) == 2


def test_memory_is_bounded(app, asked, monkeypatch):
    monkeypatch.setattr(kept_files, "MOST", len(BODY) + 1)
    for path in ("/file.js", "/other.js", "/file.js", "/other.js"):
        assert ask(app, path).body == BODY
    assert asked == ["/file.js", "/other.js", "/other.js"]
