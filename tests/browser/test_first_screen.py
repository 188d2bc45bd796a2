"""What each scene shows before anyone scrolls: its question, its controls, the player's bar and most of its chart; and
that the figure, which stays in sight, lies over nothing."""

import pytest
from playwright.sync_api import Page

from core.ui.sections import all_scenes

#: Width and height, and the share of the main chart that must be in sight.
SCREENS = ((1280, 720, 0.6), (1920, 1080, 0.6), (390, 844, 0.6), (390, 664, 0.4))
#: Small screens: the bar and the whole chart fit one, once the reader has scrolled to the bar.
SMALL = ((360, 640), (844, 390))
PARTS = """() => {
  const all = [];
  const look = root => { for (const e of root.querySelectorAll("*")) {
    if (e.shadowRoot) look(e.shadowRoot);
    if (e.matches("svg.marks")) all.push(e.getBoundingClientRect());
  } };
  const figure = document.querySelector(".st-key-figure");
  look(figure);
  const box = e => e?.getBoundingClientRect().toJSON();
  const host = figure.querySelector("[data-testid=stBidiComponentIsolated]");
  const bar = host?.shadowRoot.querySelector(".bar");
  const first = all.filter(b => b.height > 120).sort((a, b) => a.top - b.top || b.width - a.width)[0];
  const under = bar && bar.offsetParent ? box(bar) : undefined;
  return {chart: first?.toJSON(), bar: under, figure: box(figure),
          question: box(document.querySelector(".st-key-question h1")),
          controls: box(document.querySelector(".st-key-controls")) };
}"""

#: How far below the figure the rest of the page begins, once the reader has scrolled to its end.
BELOW = """async () => {
  const main = document.querySelector("[data-testid=stMain]");
  main.scrollTo(0, main.scrollHeight);
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const box = key => document.querySelector(`.st-key-${key}`).getBoundingClientRect();
  return box("more").top - box("figure").bottom;
}"""
#: Every chart of every player is drawn; other components have no charts.
DRAWN = """() => [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")].every(host => {
  const cells = host.shadowRoot?.querySelector(".player")?.player?.cells;
  return !cells || [...cells.values()].every(cell => cell.view);
})"""


def parts(page: Page, width: int, height: int) -> dict:
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(400)  # charts are fitted once the window has come to rest
    page.wait_for_function(DRAWN)
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    return page.evaluate(PARTS)


@pytest.mark.parametrize("scene", all_scenes(), ids=lambda s: f"{s.page}.{s.key}")
def test_the_first_screen_shows_what_the_scene_is_about(open_page, scene):
    page = open_page(scene.link(scene.defaults)[1:])
    missing = []
    parts(page, *SCREENS[0][:2])
    if page.evaluate(BELOW) < 0:
        missing.append("scrolled to the end: the figure lies over what is below it")
    for width, height, share in SCREENS:
        seen = parts(page, width, height)
        size = f"{width} × {height}"
        if seen["question"]["bottom"] > height:
            missing.append(f"{size}: the question")
        if not (chart := seen["chart"]):
            if seen["figure"]["top"] > height * (1 - share / 2):
                missing.append(f"{size}: the figure begins at {seen['figure']['top']:.0f}")
            continue
        if seen["bar"] and seen["bar"]["bottom"] > height:
            missing.append(f"{size}: the player's bar")
        there = (min(chart["bottom"], height) - chart["top"]) / chart["height"]
        if there < share:
            missing.append(f"{size}: {there:.0%} of the chart")
    for width, height in SMALL:
        seen = parts(page, width, height)
        if seen["chart"] and seen["bar"] and (tall := seen["chart"]["bottom"] - seen["bar"]["top"]) > height:
            missing.append(f"{width} × {height}: bar and chart take {tall:.0f} px")
    assert not missing, missing


@pytest.mark.parametrize("link", ["optimizers", "small-steps?scene=giant"])
def test_where_there_is_room_small_charts_stand_beside_the_main_one(open_page, link):
    page = open_page(link, width=1920, height=1080)
    page.wait_for_function(DRAWN)
    main, *small = page.locator("figure .picture").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().toJSON())"
    )
    assert len(small) == 4
    assert all(one["left"] > main["right"] and one["bottom"] <= 1080 for one in small)


def test_type_in_charts_grows_with_the_screen(open_page):
    page = open_page("optimizers", width=1280, height=720)
    page.wait_for_function(DRAWN)
    label = page.locator("figure svg.marks text").filter(has_text="SGD").first
    usual = label.bounding_box()["height"]
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.wait_for_timeout(500)
    assert label.bounding_box()["height"] > 1.15 * usual


def test_a_table_that_is_wider_than_a_phone_fades_where_it_goes_on(open_page):
    page = open_page("optimizers?scene=practice", width=390, height=844)
    table = page.get_by_test_id("stTable").first
    over, faded = table.evaluate(
        """table => {
          const wide = [table, ...table.querySelectorAll("*")].find(e => e.scrollWidth > e.clientWidth + 1);
          wide.scrollTo(1e6, 0);
          const last = table.querySelector("th:last-child").getBoundingClientRect();
          return [table.getBoundingClientRect().right - last.right, getComputedStyle(table).maskImage];
        }"""
    )
    assert "gradient" in faded
    assert over >= 20  # the last column has come to where nothing fades
