"""How soon a server answers after its start, and the memory it takes at rest, beside a minimal Streamlit app.

`python -m benchmarks.start [--quick]`
"""

import argparse
import statistics
import time
from collections import defaultdict
from importlib.metadata import version

from playwright.sync_api import Browser, Error, sync_playwright

from benchmarks.browser import WAIT, launched, watched_page
from benchmarks.serving import MINIMAL, OURS, App, started
from benchmarks.timing import machine, markdown

PAGE, HEALTHY, WARM, MEMORY = "first page drawn, s", "healthy, s", "every scene made, s", "memory at rest, MiB"
#: The most that ours may take.
AIMS = {PAGE: 4.0, HEALTHY: 8.0, MEMORY: 450.0}
#: Seconds without a request until a server counts as at rest.
REST = 3.0


def opened(browser: Browser, app: App) -> dict[str, float]:
    """Start an app and open its root as soon as that can be opened.

    Return the seconds until its first chart is painted, and the memory once all is done and the reader has gone.
    """
    page = watched_page(browser)
    with started(app) as running:
        while True:
            try:
                page.goto(running.address)
                break
            except Error:
                time.sleep(0.02)  # nobody listens yet
        page.wait_for_function("paints.length", timeout=WAIT)
        took = time.monotonic() - running.begun
        page.context.close()
        running.ready(warm=True)
        time.sleep(REST)
        return {PAGE: took, MEMORY: running.mebibytes}


def alone(app: App) -> dict[str, float]:
    """Start an app that nobody opens; return the seconds until it is healthy, and until it is done."""
    with started(app) as running:
        return {name: running.ready(warm=name == WARM) - running.begun for name in (HEALTHY, WARM)}


def main() -> None:
    """Measure both apps in turns and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    repetitions = 2 if parser.parse_args().quick else 5
    found: dict[App, dict[str, list[float]]] = {app: defaultdict(list) for app in (OURS, MINIMAL)}
    with sync_playwright() as playwright, launched(playwright) as browser:
        for _ in range(repetitions):
            for app, figures in found.items():
                for name, value in (opened(browser, app) | alone(app)).items():
                    figures[name].append(value)
    print(f"{machine()}, streamlit {version('streamlit')}; medians of {repetitions} starts\n")
    rows = []
    for name in (PAGE, HEALTHY, WARM, MEMORY):
        ours, peer = (statistics.median(found[app][name]) for app in (OURS, MINIMAL))
        digits = 0 if name == MEMORY else 1
        aim = f"≤ {AIMS[name]:g}: {'met' if ours <= AIMS[name] else 'missed'}" if name in AIMS else ""
        rows.append([name, f"{ours:.{digits}f}", f"{peer:.{digits}f}", f"{ours / peer:.2f}", aim])
    print(markdown(["from the start of the process", OURS.name, MINIMAL.name, "ratio", "aim"], rows))


if __name__ == "__main__":
    main()
