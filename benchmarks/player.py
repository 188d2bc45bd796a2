"""How long the player takes for one frame of four charts: `python -m benchmarks.player`.

A frame is what one step costs in script: the bar, the read-out, and all four views drawn anew. Beside it the
time between painted frames while it plays, which also holds layout, paint and the wait for the display
(16.7 ms).
"""

import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.browser import launched

APP = Path(__file__).parents[1] / "tests" / "browser" / "player_app" / "app.py"
HOST = "document.querySelector('[data-testid=stBidiComponentIsolated]')"
PLAYER = f"{HOST}.shadowRoot.querySelector('.player').player"
FRAMES = f"""async count => {{
    const player = {PLAYER}, times = [];
    for (let i = 0; i < count; i++) {{
        await new Promise(requestAnimationFrame);
        player.step = 1 + i % (player.data.steps - 1);
        const start = performance.now();
        await player.frame(start);
        times.push(performance.now() - start);
    }}
    return times;
}}"""
PAINTED = f"""async () => {{
    const player = {PLAYER}, times = [];
    player.go(0);
    player.play();
    let last = await new Promise(requestAnimationFrame);
    while (player.playing) {{
        const now = await new Promise(requestAnimationFrame);
        times.push(now - last);
        last = now;
    }}
    return times;
}}"""


@contextmanager
def served() -> Iterator[str]:
    """Run the scratch app on a free port until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = ["--server.port", str(port), "--server.headless", "true", "--server.address", "127.0.0.1"]
    server = subprocess.Popen([sys.executable, "-m", "streamlit", "run", str(APP), *flags], stdout=subprocess.DEVNULL)
    try:
        while server.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def line(name: str, times: list[float]) -> str:
    return f"{name:<34}{statistics.median(times):8.1f}{statistics.quantiles(times, n=20)[-1]:8.1f}{len(times):8}"


def main() -> None:
    with served() as url, sync_playwright() as playwright:
        browser = launched(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(url)
        page.locator("figure svg.marks").nth(3).wait_for()
        page.wait_for_timeout(1500)
        page.evaluate(FRAMES, 50)
        print(f"{'four charts, 384 steps, ms':<34}{'median':>8}{'p95':>8}{'frames':>8}")
        print(line("one frame, script", page.evaluate(FRAMES, 400)))
        print(line("between painted frames, playing", page.evaluate(PAINTED)))
        browser.close()


if __name__ == "__main__":
    main()
