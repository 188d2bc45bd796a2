"""Health, compression and the served HTML: asked of Streamlit's own static files, without a running app."""

import asyncio
import gc
import gzip
import re
import subprocess
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urljoin

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

from core.player import bundle
from core.text import Text
from core.ui import libraries, server, warm
from core.ui.link_preview import head
from core.ui.sections import all_scenes


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return (gzip.decompress(self.body) if "content-encoding" in self.headers else self.body).decode()


def finish(work: Coroutine) -> None:
    """Run a coroutine in a thread of its own: the browser of other tests keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def ask(app, path, *, method="GET", query="", root_path="", **headers) -> Answer:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "server": ("localhost", 80),
        "path": path,
        "raw_path": path.encode(),
        "root_path": root_path,
        "query_string": query.encode(),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }
    sent = []

    async def receive():
        await asyncio.Event().wait()  # nobody hangs up

    async def send(message):
        sent.append(message)

    finish(app(scope, receive, send))
    found = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return Answer(sent[0]["status"], found, b"".join(m.get("body", b"") for m in sent[1:]))


@pytest.fixture
def app():
    """Like the real one: our middlewares around Streamlit's, which compress as well."""
    routes = [
        *server.ROUTES,
        Route("/data", lambda _: JSONResponse({"title": "<title>Streamlit</title>" * 99})),
    ]
    routes += [Route("/other", lambda _: HTMLResponse("<html><title>Other</title></html>"))]
    routes += create_streamlit_static_assets_routes("")
    return Starlette(routes=routes, middleware=[*server.MIDDLEWARE, Middleware(GZipMiddleware)])


@pytest.mark.parametrize("encoding", ["", "gzip"])
@pytest.mark.parametrize("language", ["en", "zh-Hant"])
@pytest.mark.parametrize("scene", all_scenes(), ids=lambda s: f"{s.page}.{s.key}")
def test_every_scene_is_served_with_its_own_head(app, scene, language, encoding):
    text = Text(language)
    path, _, query = scene.link(scene.defaults).partition("?")
    answer = ask(app, path, query=f"{query}&lang={language}", accept_encoding=encoding)
    assert answer.status == 200
    assert answer.headers.get("content-encoding", "") == encoding
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert "etag" not in answer.headers
    assert f'<html lang="{language}">' in answer.text
    title = f"{text(scene.word('question'))} · {text('shell.name')}"
    assert re.findall("<title>(.*)</title>", answer.text) == [title]
    assert f'<meta property="og:title" content="{title}">' in answer.text
    assert answer.text.count('name="description"') == answer.text.count('property="og:description"') == 1
    assert '<div id="root"></div>' in answer.text


def test_a_page_lets_the_script_of_the_player_be_fetched_early(app):
    bundle.build()
    found = re.findall(
        '<link rel="modulepreload" crossorigin href="\\.(/player/[a-z]+-[0-9a-f]+\\.js)">', ask(app, "/").text
    )
    assert found == [bundle.build().path, bundle.own().path]
    for path in found:
        assert ask(app, path).headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("query", ["lang=junk", "lang=", "lang=<script>", "%ff%00", "lang=zh-Hant&lang=en"])
def test_a_language_nobody_knows_is_english(app, query):
    assert '<html lang="en">' in ask(app, "/optimizers", query=query).text


def test_what_is_no_page_is_left_alone(app):
    data = ask(app, "/data")
    assert data.text.count("<title>Streamlit</title>") == 99
    assert ask(app, "/other").body == b"<html><title>Other</title></html>"
    script = re.search(r'src="\./(static/js/[^"]+)"', ask(app, "/").text)
    assert script
    answer = ask(app, f"/{script[1]}", accept_encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert ask(app, "/", method="HEAD").body == b""


def test_an_unknown_address_says_so(app):
    assert "<title>There is no page at this address · Small Steps</title>" in ask(app, "/nothing").text


@pytest.mark.parametrize(
    ("path", "query", "root_path", "goes_to"),
    [
        ("/optimizers/more/still", "", "", "/optimizers"),
        ("/optimizers/more", "lr=0.1&lang=en", "", "/optimizers?lr=0.1&lang=en"),
        ("/app/optimizers/more", "", "/app", "/app/optimizers"),
        ("/\\elsewhere.example/x", "", "", "/%5Celsewhere.example"),
    ],
)
def test_below_a_page_is_the_page(app, path, query, root_path, goes_to):
    answer = ask(app, path, query=query, root_path=root_path)
    if "\\" in path and answer.status == 400:
        return  # Streamlit refuses it first
    assert (answer.status, urljoin(path, answer.headers["location"])) == (307, goes_to)


def test_a_head_is_escaped(monkeypatch):
    monkeypatch.setattr(Text, "__call__", lambda *_, **__: '"><script>&')
    assert head("optimizers", Text("en")).count("<script>") == 2  # our own
    assert "&quot;&gt;&lt;script&gt;&amp;" in head("optimizers", Text("en"))


def test_the_script_of_vega_is_made_once_and_kept_for_later_starts(monkeypatch, tmp_path):
    made = []

    def make(command, **_):
        made.append(command)
        return subprocess.CompletedProcess(command, 0, b"vega")

    monkeypatch.setattr(subprocess, "run", make)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert [bundle._kept_script("1.0") for _ in range(3)] == [b"vega"] * 3
    assert len(made) == 1
    bundle._kept_script("2.0")
    assert len(made) == 2
    assert sorted(file.name for file in tmp_path.rglob("*.*")) == ["vega-1.0.js", "vega-2.0.js"]
    nowhere = tmp_path / "file"
    nowhere.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(nowhere))
    assert bundle._kept_script("1.0") == b"vega"
    assert len(made) == 3


def test_while_libraries_load_files_come_and_runs_wait(app, monkeypatch):
    monkeypatch.setattr(libraries, "_loading", threading.Event())
    monkeypatch.setattr(libraries, "_awaited", threading.Event())
    begun = []

    async def run(scope, *_):
        begun.append(scope["type"])

    def connect():
        finish(libraries.RunsWait(run)({"type": "websocket"}, None, None))

    libraries.will_load()
    assert re.findall("<title>(.*)</title>", ask(app, "/optimizers").text) == ["Small Steps"]
    assert not libraries.awaited()
    reader = threading.Thread(target=connect)
    reader.start()
    assert wait_for(libraries.awaited)
    assert not begun
    libraries.load()
    reader.join(10)
    assert begun == ["websocket"]
    assert ask(app, "/optimizers").text.count('property="og:title"') == 1


@pytest.fixture
def cold(monkeypatch):
    """A server that has not warmed up: each of its two scenes waits for a sign."""
    signs = threading.Event(), threading.Event()
    monkeypatch.setattr(server, "_ready", threading.Event())
    monkeypatch.setattr(server, "_warm", threading.Event())
    monkeypatch.setattr(warm, "warm", lambda: (sign.wait(10) for sign in signs))
    yield signs
    for sign in signs:
        sign.set()
    gc.unfreeze()


def wait_for(condition) -> bool:
    end = time.monotonic() + 10
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


async def start_up():
    async with server.lifespan(None):
        pass


def test_health_answers_once_the_first_scene_is_ready_and_says_when_all_are(app, cold):
    first, second = cold
    assert ask(app, "/healthz").status == 503
    finish(start_up())  # returns while the warm-up still waits
    assert ask(app, "/healthz").status == 503
    first.set()
    assert wait_for(lambda: ask(app, "/healthz").status == 200)
    assert ask(app, "/healthz").text == '{"status":"ok","warm":false}'
    second.set()
    assert wait_for(lambda: ask(app, "/healthz").text == '{"status":"ok","warm":true}')
    assert gc.get_freeze_count() > 0
