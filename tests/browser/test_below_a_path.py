"""The app below a path: told of it, or behind a proxy that takes it off."""

import asyncio
import json
import sys
import threading
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, served
from tests.browser.figures import drawn, press_at_rest

BASE = "/teach"


async def _pass(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    while data := await source.read(1 << 16):
        to.write(data)
        await to.drain()
    to.close()


async def _forward(browser: asyncio.StreamReader, answers: asyncio.StreamWriter, port: int) -> None:
    """Take the base off one request and pass on what follows, both ways: files, and WebSockets."""
    try:
        head = (await browser.readuntil(b"\r\n\r\n")).decode("latin-1")
        request, *headers = head.split("\r\n")
        method, target, version = request.split(" ")
        if target.startswith(f"{BASE}/"):
            if "upgrade: websocket" not in head.lower():
                headers = ["Connection: close", *(h for h in headers if not h.lower().startswith("connection:"))]
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write("\r\n".join([f"{method} {target[len(BASE) :]} {version}", *headers]).encode("latin-1"))
            await asyncio.gather(_pass(browser, writer), _pass(reader, answers))
        elif target.partition("?")[0] == BASE:
            there = target.replace(BASE, f"{BASE}/", 1)
            answers.write(f"HTTP/1.1 301 -\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n".encode())
        else:
            answers.write(b"HTTP/1.1 404 -\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        await answers.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass  # the browser has gone
    finally:
        answers.close()


@pytest.fixture(scope="module")
def stripped(app_url) -> Iterator[str]:
    """The address of the app behind a proxy that takes the base off."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    port = urlsplit(app_url).port
    found = []

    async def serve() -> None:
        server = await asyncio.start_server(lambda r, w: _forward(r, w, port), "127.0.0.1", 0)
        found.append(server.sockets[0].getsockname()[1])
        ready.set()

    def run() -> None:
        loop.create_task(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield f"http://127.0.0.1:{found[0]}{BASE}"
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Iterator[str]:
    """The address of the app that is told its base."""
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true", f"--server.baseUrlPath={BASE[1:]}"]
    with served(command, ROOT, tmp_path_factory.mktemp("below") / "log") as url:
        yield f"{url}{BASE}"


@pytest.fixture(params=["told", "stripped"])
def below(request) -> str:
    """The address of the app below the base, without a slash at its end."""
    return request.getfixturevalue(request.param)


def test_health_tells_the_truth(below):
    with urllib.request.urlopen(f"{below}/healthz") as answer:
        assert answer.headers["content-type"] == "application/json"
        assert json.load(answer) == {"status": "ok", "warm": True}


@pytest.mark.parametrize("path", ["", "/", "/optimizers", "/optimizers/more"])
def test_charts_are_drawn(browser, settled, below, path):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    failed, scripts = [], []
    page.on("response", lambda r: failed.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    page.on("requestfailed", lambda r: failed.append(f"{r.failure} {r.url}"))
    page.on("pageerror", lambda e: failed.append(str(e)))
    page.on("request", lambda r: scripts.append(r.url) if "/player/" in r.url else None)
    page.goto(f"{below}{path}?lang=zh-Hant")
    settled(page)
    drawn(page)
    expect(page.locator("figure .failed")).to_have_count(0)
    press_at_rest(page.locator(".st-key-nav_pages").get_by_test_id("stPageLink-NavLink").last)
    expect(page).to_have_url(f"{below}/learning-rate?lang=zh-Hant")
    settled(page)
    drawn(page)
    assert scripts
    assert all(url.startswith(f"{below}/player/") for url in scripts)
    assert not failed
    context.close()
