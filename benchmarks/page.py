"""How long a reader waits: this app beside a minimal Streamlit app that draws the same race.

`python -m benchmarks.page` prints one table. A click is a key press on the learning-rate slider; it ends with the last
frame in which a chart changed. Both apps are visited in turn, in the same browser, on the same machine.
"""

import argparse
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.timing import machine

ROOT = Path(__file__).resolve().parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
#: What the charts show, as text: paths of an SVG, pixels of a canvas.
WATCH = """() => {
  const look = () => [...document.querySelectorAll('svg.marks path[d], canvas.marks')].map(
    e => e.tagName === 'CANVAS' ? e.toDataURL() : e.getAttribute('d')).join();
  const shadow = [...document.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean);
  const all = () => look() + shadow.map(
    r => [...r.querySelectorAll('svg.marks path[d]')].map(e => e.getAttribute('d')).join()).join();
  window.clickToPainted = new Promise(done => {
    window.addEventListener('keydown', () => {
      const begun = performance.now();
      let last = all(), changed = null;
      const frame = () => {
        const now = performance.now(), seen = all();
        if (seen !== last) { last = seen; changed = now; }
        if (changed !== null && now - changed > 500) done(changed - begun);
        else if (now - begun > 20000) done(null);
        else requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    }, {once: true, capture: true});
  });
}"""


@dataclass(frozen=True)
class App:
    """A Streamlit app: how to start it, where it says that it is ready, where the race is."""

    name: str
    script: str
    health: str
    path: str


APPS = (
    App("Small Steps", "app.py", "healthz", "optimizers"),
    App("minimal app", "benchmarks/minimal_app.py", "_stcore/health", ""),
)


@contextmanager
def served(app: App) -> Iterator[str]:
    """Start the app and yield its address once it is ready."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", app.script, "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}/"
    try:
        while True:
            try:
                if urllib.request.urlopen(address + app.health, timeout=1).status == 200:
                    break
            except OSError:
                time.sleep(0.05)
        yield address
    finally:
        server.terminate()
        server.wait()


def visit(browser: Browser, url: str) -> tuple[float, Page]:
    """Open a page in a fresh context; return the milliseconds to its first chart, and the page."""
    page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    begun = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(":is(canvas.marks, svg.marks)", timeout=60_000)
    return 1000 * (time.perf_counter() - begun), page


def press(page: Page, key: str) -> float:
    """Press a key on the learning-rate slider; return the milliseconds until the charts stand still."""
    page.wait_for_timeout(800)  # let the last click's work end
    slider = page.locator(".st-key-lr input[type=range]")
    slider.focus()
    page.evaluate(WATCH)
    slider.press(key)
    took = page.evaluate("() => window.clickToPainted")
    if took is None:
        raise RuntimeError(f"no chart changed on {page.url}")
    return float(took)


def clicks(page: Page, addresses: dict[str, str], app: App, noise: float) -> tuple[list[float], list[float]]:
    """Walk four rungs down a ladder nobody has trained yet, then up again; return both lists of times."""
    page.goto(f"{addresses[app.name]}{app.path}?noise={noise}")
    page.wait_for_selector(":is(canvas.marks, svg.marks)")
    down = [press(page, "ArrowLeft") for _ in range(4)]
    up = [press(page, "ArrowRight") for _ in range(4)]
    return down, up


def quantile(values: list[float], q: float) -> float:
    """Return the q-quantile by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(q * (len(ordered) - 1)))]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each app is visited in turn")
    rounds = parser.parse_args().rounds
    times: dict[tuple[str, str], list[float]] = {}

    def note(what: str, app: App, *values: float) -> None:
        times.setdefault((what, app.name), []).extend(values)

    with sync_playwright() as pw:
        browser = pw.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for _ in range(rounds):
            for app in APPS:
                with served(app) as address:
                    note("first visitor after start", app, visit(browser, address + app.path)[0])
        with served(APPS[0]) as ours, served(APPS[1]) as theirs:
            addresses = {APPS[0].name: ours, APPS[1].name: theirs}
            pages = {}
            for _ in range(max(5, rounds)):
                for app in APPS:
                    took, page = visit(browser, addresses[app.name] + app.path)
                    note("cold page", app, took)
                    if old := pages.get(app.name):
                        old.context.close()
                    pages[app.name] = page
            for i in range(rounds):
                for app in APPS:
                    fresh, again = clicks(pages[app.name], addresses, app, 0.2 + i / 100)
                    note("click to painted, not cached", app, *fresh)
                    note("click to painted, cached", app, *again)
        browser.close()

    print(machine())
    print("\n| ms, median (p95) | Small Steps | minimal app | ratio of medians |\n| --- | --- | --- | --- |")
    for what in dict.fromkeys(what for what, _ in times):
        ours_, theirs_ = (times[what, app.name] for app in APPS)
        cells = [f"{quantile(v, 0.5):.0f} ({quantile(v, 0.95):.0f})" for v in (ours_, theirs_)]
        print(f"| {what} | {' | '.join(cells)} | {quantile(ours_, 0.5) / quantile(theirs_, 0.5):.2f} |")


if __name__ == "__main__":
    main()
