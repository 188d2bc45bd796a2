"""How long a reader waits for a chart: this app beside a minimal Streamlit app that draws the same race.

`python -m benchmarks.page [--quick]`
"""

import argparse
import statistics
from collections import defaultdict
from importlib.metadata import version

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.browser import WAIT, launched, watched_page
from benchmarks.serving import MINIMAL, OURS, App, served
from benchmarks.timing import machine, markdown
from core.engine.asking import AtOnce
from core.text import Text
from core.ui.scene import Scene
from core.ui.sections import all_scenes

RUNGS = 4  # of the ladder below 0.01, walked down and up again
FIRST, COLD = "first visitor after start", "cold page"
FRESH, CACHED = "click, not trained before", "click, trained before"
#: The most times as long as the minimal app's that a wait may be.
AIMS = {COLD: 1.15, CACHED: 1.15, FRESH: 1.3}
#: What takes keys for the learning rate: our stepper, or the minimal app's slider.
RATE = ".st-key-lr-stepper [role=slider], .st-key-lr input[type=range]"

Times = dict[str, list[float]]


def _draws(scene: Scene) -> bool:
    """Return whether a scene has a chart: for formulas or a table alone nobody waits here."""
    if scene.notes is not None:
        return True  # a reader's own tries are charts
    return bool(scene.figure(scene.compute(scene.defaults, AtOnce()), scene.defaults, Text("en")).charts)


#: Of every scene of ours that draws.
PATHS = tuple(scene.link(scene.defaults)[1:] for scene in all_scenes() if _draws(scene))


APPS = (OURS, MINIMAL)


def visit(browser: Browser, url: str) -> tuple[Page, float]:
    """Open a page in a fresh context; return it, and the milliseconds from navigation to its first painted chart."""
    page = watched_page(browser)
    page.goto(url)
    page.wait_for_function("paints.length", timeout=WAIT)
    took = page.evaluate("paints[0]")
    at_rest(page)
    return page, took


def at_rest(page: Page) -> None:
    """Wait until the script has run, and nothing has been painted for half a second."""
    idle = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
    page.wait_for_function(f"{idle} && performance.now() - paints.at(-1) > 500", timeout=WAIT)


def press(page: Page, key: str) -> float:
    """Press a key on the learning rate; return the milliseconds until every chart is painted for good."""
    before = page.evaluate("firstChart()")
    page.locator(RATE).press(key)
    page.wait_for_function("before => paints.length && firstChart() !== before", arg=before, timeout=WAIT)
    at_rest(page)
    return page.evaluate("paints.at(-1) - pressed")


def walk(page: Page, times: Times) -> None:
    """Press down the ladder through rates that nobody has trained, then up through the same."""
    for key, what in (("ArrowLeft", FRESH), ("ArrowRight", CACHED)):
        times[what] += [press(page, key) for _ in range(RUNGS)]


def measure(browser: Browser, starts: int, visits: int, walks: int) -> dict[App, Times]:
    """Return every repetition's milliseconds, the apps taking turns."""
    times: dict[App, Times] = {app: defaultdict(list) for app in APPS}
    for _ in range(starts):
        for app in APPS:
            with served(app) as running:
                page, took = visit(browser, f"{running.address}/{app.path}")
                times[app][FIRST].append(took)
                page.context.close()
    with served(OURS) as ours, served(MINIMAL) as minimal:
        urls = {OURS: f"{ours.address}/{OURS.path}", MINIMAL: f"{minimal.address}/{MINIMAL.path}"}
        for _ in range(visits):
            for app, url in urls.items():
                page, took = visit(browser, url)
                times[app][COLD].append(took)
                page.context.close()
            for path in PATHS:
                page, took = visit(browser, f"{ours.address}/{path}")
                times[OURS][path].append(took)
                page.context.close()
        for i in range(walks + 1):
            for app, url in urls.items():
                # noise that no other walk has: nothing of it is trained yet
                page, _ = visit(browser, f"{url}?v=2&noise={0.1 + i / 1000:g}")
                walk(page, times[app] if i else defaultdict(list))  # the first one only warms up
                page.context.close()
    return times


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def table(times: dict[App, Times]) -> str:
    """Return the one table: median and p95 of both apps, and the ratio of the medians."""
    rows = []
    for what in (FIRST, COLD, FRESH, CACHED):
        ours, peer = times[OURS][what], times[MINIMAL][what]
        cells = [f"{f(t):.0f}" for t in (ours, peer) for f in (statistics.median, p95)]
        ratio = statistics.median(ours) / statistics.median(peer)
        rows.append([what, *cells, f"{ratio:.2f}", str(len(ours))])
    header = [
        "milliseconds until the chart is painted",
        f"{OURS.name}, median",
        "p95",
        f"{MINIMAL.name}, median",
        "p95",
    ]
    return markdown([*header, "ratio", "repetitions"], rows)


def pages_table(times: dict[App, Times]) -> str:
    """Return a line for every scene of ours, opened cold, beside the minimal app's only page."""
    peer = statistics.median(times[MINIMAL][COLD])
    rows = []
    for path in PATHS:
        took = times[OURS][path]
        median = statistics.median(took)
        rows.append([f"`/{path}`", f"{median:.0f}", f"{p95(took):.0f}", f"{median / peer:.2f}", str(len(took))])
    header = ["cold scene, milliseconds until its first chart is painted", "median", "p95"]
    return markdown([*header, "ratio to the minimal app", "repetitions"], rows)


def aims(times: dict[App, Times]) -> list[str]:
    """Return a line for each aim: reached or missed."""
    lines = []
    for what, most in AIMS.items():
        ratio = statistics.median(times[OURS][what]) / statistics.median(times[MINIMAL][what])
        verdict = "reached" if ratio <= most else "missed"
        lines.append(f"- {what}: aim ≤ {most}× the minimal app, measured {ratio:.2f}×: {verdict}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="3 repetitions, 8 of each click")
    counts = (3, 3, 2) if parser.parse_args().quick else (5, 8, 5)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        packages = ", ".join(f"{name} {version(name)}" for name in ("streamlit", "altair", "torch"))
        print(f"{machine()}, {packages}, headless Chromium {browser.version}.\n")
        times = measure(browser, *counts)
        browser.close()
    print(table(times), end="\n\n")
    print(pages_table(times), end="\n\n")
    print(*aims(times), sep="\n", end="\n\n")
    print(
        "Timed by the page's own clock: from navigation to the first painted chart of loss against step, and from a\n"
        "key press on the learning rate to the frame after the last change of any chart, ours being five.\n"
        "Clicks walk down and up the ladder, the apps in turns, each walk on other data; both apps see the same\n"
        "experiments. The minimal app has one slider and one st.altair_chart of the same rows, the same engine\n"
        "behind st.cache_resource, and no player."
    )


if __name__ == "__main__":
    main()
