"""A real Chromium, the real app, and pages that have come to rest."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
START_UP = 180  # seconds, the warm-up included
REST = """() => new Promise(done => {
  let changed = performance.now();
  const start = changed;
  const watch = new MutationObserver(() => { changed = performance.now(); });
  watch.observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
  const timer = setInterval(() => {
    const now = performance.now();
    const app = document.querySelector("[data-testid=stApp]");
    const idle = app?.dataset.testScriptState === "notRunning" && now - changed > 600;
    if (idle || now - start > 60000) { clearInterval(timer); watch.disconnect(); done(idle); }
  }, 50);
})"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@contextmanager
def served(command: list[str], cwd: Path, log: Path) -> Iterator[str]:
    """Run a command that serves the app on {port}; give its address once it is healthy and has made all scenes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with log.open("w") as out:
        filled = [part.format(port=port) for part in command]
        server = subprocess.Popen(filled, cwd=cwd, stdout=out, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + START_UP
        while True:
            try:
                with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
                    if b'"warm":false' not in answer.read():
                        break
            except (OSError, urllib.error.HTTPError):
                if server.poll() is not None or time.monotonic() > end:
                    pytest.fail(f"the app did not get healthy:\n{log.read_text()[-4000:]}")
            time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def app_url(tmp_path_factory) -> Iterator[str]:
    """The address of the app, started from a folder that is not its own."""
    folder = tmp_path_factory.mktemp("app")
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none"]
    with served(command, folder, folder / "log") as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, else Playwright's own. Without either: a failure in CI, a skip elsewhere."""
    with sync_playwright() as playwright:
        names = ("chromium", "chromium-browser", "google-chrome")
        path = next(filter(None, map(shutil.which, names)), playwright.chromium.executable_path)
        if not Path(path).exists():
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("there is no Chromium here")
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def settled() -> Callable[[Page], Page]:
    """Wait until the script of the page has run and nothing on it changes any more."""

    def wait(page: Page) -> Page:
        page.wait_for_selector("[data-testid=stApp]")
        assert page.evaluate(REST), f"{page.url} did not come to rest"
        return page

    return wait


@pytest.fixture
def console_errors() -> list[str]:
    """Errors that the pages of this test wrote to the console or threw, and their requests that failed."""
    return []


@pytest.fixture
def open_page(browser, app_url, settled, console_errors) -> Iterator[Callable[..., Page]]:
    """Open a link of the app (`"optimizers?lr=0.1"`) in a new context and wait until it has settled."""
    contexts = []

    def opened(link: str = "", width: int = 1280, height: int = 900, scheme: str = "light") -> Page:
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, color_scheme=scheme, has_touch=width < 500)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: console_errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: console_errors.append(str(e)))
        page.on("requestfailed", lambda r: console_errors.append(f"{r.url}: {r.failure}"))
        page.goto(f"{app_url}/{link}")
        return settled(page)

    yield opened
    for context in contexts:
        context.close()
