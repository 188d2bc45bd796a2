"""The browser that the benchmarks look with."""

import shutil

from playwright.sync_api import Browser, Page, Playwright

from benchmarks.serving import ROOT

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_PAINT = (ROOT / "benchmarks" / "paint.js").read_text()
WAIT = 60_000  # ms


def launched(playwright: Playwright) -> Browser:
    """Return a headless Chromium: the system's, else Playwright's own."""
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)


def watched_page(browser: Browser) -> Page:
    """Return an empty page in a context of its own, which will note when its charts are painted."""
    page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    page.add_init_script(_PAINT)
    return page
