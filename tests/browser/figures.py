"""What the player on a page shows, read from the browser: the rows its charts draw, their words, the step."""

import re

from playwright.sync_api import Locator, Page, expect

from core.ui.sections import SECTIONS

#: A scene's player; on a page without scenes the main one, by its key.
MAIN = ("figure", "loss_vs_step", "logistic", "player-fits")
HOST = ", ".join(f".st-key-{key} [data-testid=stBidiComponentIsolated]" for key in MAIN)
PLAYER = f"document.querySelector('{HOST}')?.shadowRoot?.querySelector('.player')?.player"
#: The rows of every view, by chart and data set; null until every view shows what Python sent last. CSV is text
#: in a new view and numbers in a renewed one.
ROWS = f"""() => {{
  const player = {PLAYER};
  const cells = [...(player?.cells ?? [])];
  if (!cells.length || !cells.every(([, cell]) => cell.current)) return null;
  const names = cell => Object.keys(cell.view.getState({{data: name => name?.startsWith("data-")}}).data);
  const sets = cell => names(cell).map(name => [name, cell.view.data(name)]);
  const read = text => (text === "" ? null : isNaN(text) ? text : Number(text));
  const values = (key, value) => (typeof value === "string" ? read(value) : value);
  return JSON.stringify(cells.map(([name, cell]) => [name, sets(cell)]), values);
}}"""
#: No run for a while: between a press and its run the page does not say that it runs.
RESTING = """() => {
  const running = document.querySelector("[data-testid=stApp]").dataset.testScriptState !== "notRunning";
  if (running) window.ranAt = performance.now();
  return performance.now() - (window.ranAt ??= performance.now()) > 200;
}"""
#: An element has stood where it stands for a while: what moves between the two halves of a press is not pressed.
STILL = """async element => {
  for (let before = "", now; ; before = now) {
    const { x, y, width, height } = element.getBoundingClientRect();
    if ((now = String([x, y, width, height])) === before) return;
    await new Promise(done => setTimeout(done, 200));
  }
}"""
WAIT = 30_000  # ms: a busy machine may train for a while


def drawn(page: Page) -> str:
    """Wait until every chart of the player is drawn; return the rows they draw."""
    return page.wait_for_function(ROWS, timeout=WAIT).json_value()


def numbers(rows: str) -> list[str]:
    """Return the numbers among the rows: the same in every language."""
    return re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", rows)


def redrawn(page: Page, before: str) -> str:
    """Wait until the charts of the player draw other rows than before; return these."""
    changed = f"before => {{ const rows = ({ROWS})(); return rows !== before && rows; }}"
    return page.wait_for_function(changed, arg=before, timeout=WAIT).json_value()


def press_at_rest(what: Locator) -> None:
    """Press what no run of the page is drawing anew: what moves away under a press is not pressed."""
    what.page.wait_for_function(RESTING, timeout=WAIT)
    what.evaluate(STILL)
    what.click()


def paths(page: Page, chart: str) -> list[str]:
    """Return the outlines of a chart's lines, as the browser paints them."""
    lines = f"""name => [...{PLAYER}.cells.get(name).picture.querySelectorAll('.mark-line path')]
        .map(path => path.getAttribute('d'))"""
    return page.evaluate(lines, chart)


def words(page: Page) -> list[str]:
    """Return every text in the page's charts, and what they are called for those who do not see them."""
    page.locator("svg.marks").first.wait_for()
    seen = page.locator("svg.marks text").all_text_contents()
    titles = page.locator("figure .title").all_text_contents()
    names = page.locator("figure [role=img]").evaluate_all("all => all.map(one => one.ariaLabel)")
    return [text for text in (*seen, *titles, *names) if text]


def at_step(page: Page, step: int, steps: int) -> None:
    """Wait until the player stands at the step, and says so, and every chart in sight has followed."""
    expect(page.locator(HOST).locator(".number")).to_have_text(f"{step} / {steps}")
    page.wait_for_function(
        f"""step => [...{PLAYER}.cells.values()].every(c => c.view && (!c.seen ||
            !c.chart.spec.params?.some(p => p.name === 'step') || c.view.signal('step') === step))""",
        arg=step,
    )


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    wide = "[document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]"
    return page.evaluate(f"Math.max(...{wide}.map(e => e.scrollWidth - e.clientWidth))")


def links() -> list[str]:
    """Return the address below the root of every scene, and of every page without scenes."""
    found = []
    for section in SECTIONS:
        found += [scene.link(scene.defaults)[1:] for scene in section.scenes] or [section.url_path]
    return found


def swipe(page: Page, start: tuple[float, float], by: tuple[float, float]) -> None:
    """Draw one finger over the screen, as a browser tells of it."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        where = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})

    touch("touchStart", start)
    for part in range(1, 11):
        touch("touchMove", (start[0] + by[0] * part / 10, start[1] + by[1] * part / 10))
    touch("touchEnd")
