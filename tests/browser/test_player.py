"""The player in a real browser: it plays, steps, scrubs, tells, saves, and survives reruns and bad charts."""

import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from core.player import Chart, Series
from core.player.bundle import build, own
from core.player.component import player, settled_step
from core.text import Text
from tests.browser.conftest import ROOT, served
from tests.browser.figures import STILL, swipe

APP = Path(__file__).parent / "player_app" / "app.py"
CHARTS = 4
SHADOW = "document.querySelector('[data-testid=stBidiComponentIsolated]').shadowRoot"
HOST = f"{SHADOW}.querySelector('.player').player"
VIEWS = f"[...{HOST}.cells.values()].filter(cell => cell.view).map(cell => cell.view)"
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none"]
    with served(command, ROOT, tmp_path_factory.mktemp("player") / "log") as address:
        yield address


def watch(page: Page) -> list[str]:
    """Collect what the page complains of."""
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


def ready(page: Page, charts: int = CHARTS) -> Locator:
    expect(page.locator("figure svg.marks")).to_have_count(charts)
    return page.locator(".player")


@pytest.fixture
def opened(browser: Browser, url: str):
    """Open the scratch app in a context of its own; it may not complain."""
    contexts, errors = [], []

    def open_page(query: str = "", **options) -> Page:
        options = {"viewport": {"width": 1280, "height": 1000}} | options
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        errors.append(watch(page))
        page.goto(f"{url}/?{query}")
        ready(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not any(errors), errors


@pytest.fixture(scope="module")
def shared_page(browser: Browser, url: str):
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    errors = watch(page)
    page.goto(url)
    ready(page)
    yield page
    context.close()
    assert not errors


@pytest.fixture
def player_page(shared_page: Page) -> Page:
    """One page for the tests that only move the step, back at step 100 and at rest."""
    shared_page.locator(".player").evaluate("root => { root.player.pause(); root.player.go(100); }")
    shared_page.locator(".speed").select_option("1")
    shared_page.mouse.move(0, 0)
    at(shared_page, 100)
    return shared_page


def at(page: Page, step: int, steps: int = 384) -> None:
    """Wait until bar and charts stand at the step."""
    expect(page.locator(".number")).to_have_text(f"{step} / {steps}")
    page.wait_for_function(f"() => {VIEWS}.every(view => view.signal('step') === {step})")


def step_of(page: Page) -> int:
    return page.evaluate(f"() => {HOST}.step")


#: Nothing runs, and nothing is asked to.
IDLE = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"


def change(page: Page, act) -> None:
    """Use a control of the scratch app, then close the popover they live in: not before what was pressed has run."""
    page.get_by_role("button", name="Controls").click()
    body = page.get_by_test_id("stPopoverBody")
    run = body.get_by_text("with these")
    before = run.inner_text()
    body.evaluate(STILL)  # it opens, and then finds its place
    act(body)
    expect(run).not_to_have_text(before)
    page.wait_for_function(IDLE)  # that run may have been the player's, which tells where it was left
    page.keyboard.press("Escape")


def number(label: str, value: int):
    def act(body: Locator) -> None:
        body.get_by_label(label).fill(str(value))
        body.get_by_label(label).press("Enter")

    return act


# ------------------------------------------------------------------ opening


def test_opens_at_the_given_step(opened) -> None:
    page = opened("step=42")
    at(page, 42)
    slider = page.get_by_role("slider", name="Training step")
    expect(slider).to_have_attribute("aria-valuetext", "Step 42 of 384")
    expect(page.get_by_role("img", name="Four loss curves")).to_be_visible()


def test_a_step_beyond_the_end_opens_at_the_end(opened) -> None:
    at(opened("step=3000"), 384)


def test_speaks_chinese(opened) -> None:
    page = opened("lang=zh-Hant")
    slider = page.get_by_role("slider", name="訓練步")
    expect(slider).to_have_attribute("aria-valuetext", "第 100 步，共 384 步")
    expect(page.get_by_role("button", name="播放")).to_be_visible()


# ------------------------------------------------------------------ moving


def test_plays_all_charts_to_the_end_and_again_from_the_start(opened) -> None:
    page = opened("steps=40&step=0")
    page.locator(".speed").select_option("4")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    at(page, 40, 40)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(f"() => {HOST}.step > 0 && {HOST}.step < 40")
    at(page, 40, 40)


def test_pause_holds_the_step(player_page: Page) -> None:
    player_page.get_by_role("button", name="Play", exact=True).click()
    player_page.wait_for_function(f"() => {HOST}.step > 105")
    player_page.get_by_role("button", name="Pause").click()
    held = step_of(player_page)
    player_page.wait_for_timeout(300)
    at(player_page, held)


def test_keys(player_page: Page) -> None:
    player_page.locator(".scrubber").focus()
    for key, step in (
        ("ArrowRight", 101),
        ("ArrowLeft", 100),
        ("Shift+ArrowRight", 110),
        ("Shift+ArrowLeft", 100),
        ("End", 384),
        ("ArrowRight", 384),
        ("Home", 0),
        ("ArrowLeft", 0),
    ):
        player_page.keyboard.press(key)
        at(player_page, step)
    player_page.keyboard.press("Space")
    player_page.wait_for_function(f"() => {HOST}.playing && {HOST}.step > 0")
    player_page.keyboard.press("Space")
    assert not player_page.evaluate(f"() => {HOST}.playing")


def test_keys_outside_are_left_alone(player_page: Page) -> None:
    player_page.get_by_role("button", name="Controls").focus()
    player_page.keyboard.press("ArrowRight")
    player_page.keyboard.press("End")
    at(player_page, 100)


def test_buttons_and_scrubber(player_page: Page) -> None:
    player_page.get_by_role("button", name="Next step").click()
    at(player_page, 101)
    player_page.get_by_role("button", name="Previous step").click()
    at(player_page, 100)
    player_page.get_by_role("slider", name="Training step").fill("250")
    at(player_page, 250)


def plot_of(page: Page) -> dict:
    """The plot rectangle of the loss chart on the page."""
    return page.evaluate(f"""() => {{
        const {{ view, picture }} = {HOST}.cells.get('loss');
        const box = picture.querySelector('svg').getBoundingClientRect();
        const [x, y] = view.origin(), pad = view.padding();
        const width = view.scale('x').range()[1];
        return {{ left: box.left + x + pad.left, top: box.top + y + pad.top, width }};
    }}""")


def test_click_and_drag_on_the_step_axis(player_page: Page) -> None:
    plot = plot_of(player_page)
    player_page.mouse.click(plot["left"] + plot["width"] / 2, plot["top"] + 40)
    at(player_page, 192)
    player_page.mouse.down()
    player_page.mouse.move(plot["left"] + plot["width"] / 4, plot["top"] + 60, steps=4)
    at(player_page, 96)
    player_page.mouse.move(plot["left"] + plot["width"] + 200, plot["top"] + 60, steps=4)
    at(player_page, 384)
    player_page.mouse.up()
    player_page.mouse.move(plot["left"] + 20, plot["top"] + 60)
    at(player_page, 384)


def test_a_click_on_other_charts_moves_nothing(player_page: Page) -> None:
    player_page.locator(".picture").nth(2).click()
    player_page.mouse.click(plot_of(player_page)["left"] - 20, plot_of(player_page)["top"] + 40)
    at(player_page, 100)


def test_less_motion_plays_in_jumps(opened) -> None:
    page = opened("steps=100&step=0", reduced_motion="reduce")
    page.evaluate(f"() => {{ {HOST}.seen = new Set(); const go = {HOST}.go.bind({HOST});"
                  f"{HOST}.go = (step, how) => {{ {HOST}.seen.add(step); go(step, how); }}; }}")  # fmt: skip
    page.locator(".speed").select_option("4")
    page.get_by_role("button", name="Play", exact=True).click()
    at(page, 100, 100)
    seen = page.evaluate(f"() => [...{HOST}.seen]")
    assert set(seen) <= set(range(0, 101, 5))
    assert len(seen) > 5


# ------------------------------------------------------------------ telling


def test_read_out_follows(player_page: Page) -> None:
    chips = player_page.locator(".readout li")
    expect(chips).to_have_count(4)
    expect(chips.nth(1).locator("svg path")).to_have_attribute("stroke-dasharray", "6 3")
    player_page.locator(".scrubber").fill("0")
    expect(chips.nth(0)).to_have_text("SGD–")
    shown = set()
    for step in (1, 7, 384):
        player_page.locator(".scrubber").fill(str(step))
        at(player_page, step)
        value = player_page.evaluate(f"step => {HOST}.data.series[0].values[step]", step)
        assert float(chips.nth(0).locator(".value").inner_text()) == pytest.approx(value, rel=5e-3)
        shown.add(value)
    assert len(shown) == 3


def test_announces_the_step_at_rest_only(player_page: Page) -> None:
    live = player_page.locator("[aria-live=polite]")
    player_page.get_by_role("button", name="Play", exact=True).click()
    player_page.wait_for_function(f"() => {HOST}.step > 130")
    said = live.inner_text()
    assert str(step_of(player_page)) not in said
    player_page.get_by_role("button", name="Pause").click()
    expect(live).to_contain_text(f"Step {step_of(player_page)} of 384: SGD 0.")


def test_tooltip_is_ours_and_inside(player_page: Page) -> None:
    centre = player_page.evaluate(f"""() => {{ const cell = {HOST}.cells.get('loss');
        const box = cell.picture.querySelector('.mark-symbol path').getBoundingClientRect();
        return [box.right - 2, box.top + box.height / 2]; }}""")  # beside the rule, which lies on top
    player_page.mouse.move(*centre)
    tip = player_page.locator(".tip")
    expect(tip).to_contain_text("step100")
    assert player_page.locator("#vg-tooltip-element").count() == 0
    player_page.mouse.move(0, 0)
    expect(tip).to_be_hidden()


def test_saves_png_svg_and_csv(player_page: Page, tmp_path: Path) -> None:
    starts = {"PNG": b"\x89PNG\r\n\x1a\n", "SVG": b"<svg", "CSV": b"run,step,loss\n"}
    for kind, start in starts.items():
        player_page.locator("figure summary").first.click()
        with player_page.expect_download() as download:
            player_page.get_by_role("button", name=kind).first.click()
        saved = tmp_path / download.value.suggested_filename
        assert saved.name == f"loss-step-100.{kind.lower()}"
        download.value.save_as(saved)
        assert saved.read_bytes().startswith(start)
        assert saved.stat().st_size > 5_000
    assert "RMSprop is the first whose loss" in (tmp_path / "loss-step-100.svg").read_text()
    assert len((tmp_path / "loss-step-100.csv").read_text().splitlines()) == 1 + 4 * 384


def test_saves_rows_as_csv(player_page: Page, tmp_path: Path) -> None:
    player_page.locator("figure summary").nth(1).click()
    with player_page.expect_download() as download:
        player_page.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "points.csv")
    lines = (tmp_path / "points.csv").read_text().splitlines()
    assert lines[0] == "x,y"
    assert len(lines) == 501


# ------------------------------------------------------------------ reruns


def test_a_settled_step_reaches_python_and_reruns_nothing_else(opened) -> None:
    page = opened()
    page.locator(".scrubber").fill("123")
    page.wait_for_timeout(1500)
    expect(page.get_by_text("figure ran 1 times")).to_be_visible()
    change(page, lambda body: body.get_by_role("button", name="Rerun").click())
    expect(page.get_by_text("left at 123; figure ran 2 times")).to_be_visible()
    expect(page.get_by_text("page ran 1 times")).to_be_visible()
    at(page, 123)


def test_changed_data_keeps_step_and_views(opened) -> None:
    page = opened()
    page.locator(".scrubber").fill("300")
    page.evaluate(f"() => {{ window.before = {VIEWS}; }}")
    read = page.locator(".readout .value").first
    value = read.inner_text()
    change(page, lambda body: body.get_by_role("slider").press("Home"))
    expect(read).not_to_have_text(value)
    at(page, 300)
    assert page.evaluate(f"() => {VIEWS}.every((view, i) => view === window.before[i])")
    page.wait_for_function(  # a view takes its rows over some frames after the read-out
        f"""() => {{
          const drawn = {HOST}.cells.get('loss').view.data('data-0')[0].loss, read = {HOST}.data.series[0].values[1];
          return Math.abs(drawn - read) <= 1e-3 * Math.abs(read);
        }}"""
    )


def test_a_removed_chart_leaves_the_others_as_they_are(opened) -> None:
    page = opened()
    page.evaluate(f"() => {{ window.before = {HOST}.cells.get('adam').view; }}")
    change(page, lambda body: body.get_by_role("button", name="Momentum").click())
    ready(page, CHARTS - 1)
    assert page.evaluate(f"() => {HOST}.cells.get('adam').view === window.before")


def test_elements_that_come_and_go_above_leave_it_alone(opened) -> None:
    page = opened()
    page.locator(".scrubber").fill("210")
    change(page, lambda body: body.get_by_text("Note above").click())
    expect(page.get_by_text("A note above the player")).to_be_visible()
    ready(page)
    at(page, 210)


def test_a_player_that_was_away_comes_back_at_its_step(opened) -> None:
    page = opened()
    page.locator(".scrubber").fill("210")
    change(page, lambda body: body.get_by_text("Hide").click())
    expect(page.locator(".player")).to_have_count(0)
    change(page, lambda body: body.get_by_text("Hide").click())
    ready(page)
    at(page, 210)
    page.wait_for_timeout(1000)
    change(page, lambda body: body.get_by_role("button", name="Rerun").click())
    expect(page.get_by_text("left at 210;")).to_be_visible()


def test_new_steps_or_a_new_opening_move_the_player(opened) -> None:
    page = opened()
    page.locator(".scrubber").fill("300")
    change(page, number("Open at", 50))
    at(page, 50)
    expect(page.get_by_text("left at 50;")).to_be_visible()
    change(page, number("Steps", 200))
    at(page, 50, 200)
    change(page, lambda body: body.get_by_role("button", name="Rerun").click())
    expect(page.get_by_text("left at 50;")).to_be_visible()


def test_rapid_reruns_leave_one_picture_per_chart(opened) -> None:
    page = opened()
    page.get_by_role("button", name="Controls").click()
    for value in (200, 210, 220, 230):
        number("Steps", value)(page.get_by_test_id("stPopoverBody"))
    page.keyboard.press("Escape")
    at(page, 100, 230)
    ready(page)


# ------------------------------------------------------------------ looks


def test_phone(opened) -> None:
    page = opened("small=1", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sideways = page.evaluate("""() => Math.max(...[document.documentElement,
        ...document.querySelectorAll('[data-testid=stMain]')].map(e => e.scrollWidth - e.clientWidth))""")
    assert sideways <= 0
    boxes = [figure.bounding_box() for figure in page.locator("figure").all()]
    assert boxes[0]["width"] > 300
    assert boxes[1]["width"] < 180
    assert boxes[1]["y"] == boxes[2]["y"] < boxes[3]["y"]
    for target in page.locator(".bar button, .bar select, figure summary").all():
        assert min(target.bounding_box()[side] for side in ("width", "height")) >= 40


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible(opened, theme: str) -> None:
    page = opened(color_scheme=theme)
    page.locator("figure summary").first.click()
    found = Axe().run(page, context="[data-testid=stBidiComponentIsolated]").response
    assert found["passes"]
    assert not found["violations"]


def test_width_follows(opened) -> None:
    page = opened()
    page.set_viewport_size({"width": 600, "height": 900})
    page.wait_for_function(f"""() => [...{HOST}.cells.values()].every(cell =>
        Math.abs(cell.picture.querySelector('svg').clientWidth - cell.picture.clientWidth) < 2)""")


def label_colour(page: Page) -> str:
    return page.locator("figure .mark-text text").first.get_attribute("fill")


def test_theme_is_followed_live(opened) -> None:
    page = opened(color_scheme="dark")
    dark = label_colour(page)
    page.locator(".scrubber").fill("77")
    page.emulate_media(color_scheme="light")
    expect(page.locator("figure .mark-text text").first).not_to_have_attribute("fill", dark)
    ready(page)
    at(page, 77)
    assert int(dark[1:3], 16) > 128 > int(label_colour(page)[1:3], 16)


# ------------------------------------------------------------------ failing


def test_a_chart_that_fails_says_so_and_the_others_play(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(url)
    ready(page)
    change(page, lambda body: body.get_by_text("Break one").click())
    expect(page.locator(".picture.failed")).to_have_text(Text("en")("player.failed"))
    ready(page, CHARTS - 1)
    page.locator(".scrubber").fill("200")
    at(page, 200)
    change(page, lambda body: body.get_by_text("Break one").click())
    ready(page)
    at(page, 200)
    page.close()


def test_no_bundle_no_charts_but_words(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.route("**/player/vega-*.js", lambda route: route.abort())
    page.goto(url)
    expect(page.locator(".picture.failed")).to_have_count(CHARTS)
    page.locator(".scrubber").fill("200")
    expect(page.locator(".number")).to_have_text("200 / 384")
    page.close()


def test_without_the_player_itself_there_are_words(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.route("**/player/player-*.js", lambda route: route.abort())
    page.goto(url)
    expect(page.get_by_text(Text("en")("player.failed"))).to_have_count(1)
    page.close()


@pytest.mark.parametrize(("bundle", "holds"), [(build, b"vegaEmbed"), (own, b"class Player")])
def test_the_scripts_are_immutable_and_compressed(url: str, bundle, holds: bytes) -> None:
    request = urllib.request.Request(url + bundle().path, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as reply:
        assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert reply.headers["Content-Encoding"] == "gzip"
        assert reply.headers["Content-Type"].startswith("text/javascript")
    with urllib.request.urlopen(url + bundle().path) as reply:
        assert holds in reply.read()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{url}/player/vega-0.js")


def test_python_refuses_what_cannot_be_shown() -> None:
    one = Chart({"mark": "point"}, "t", "a")
    with pytest.raises(ValueError, match="share a name"):
        player([one, one], steps=3, step=0, series=[], text=Text("en"), key="k")
    bad = Chart({"data": {"values": [{"x": float("nan")}]}}, "t", "a")
    with pytest.raises(ValueError, match="JSON"):
        player([bad], steps=3, step=0, series=[Series("s", "#000", (), [None] * 4)], text=Text("en"), key="k")


def test_without_a_report_the_step_is_the_one_asked_for() -> None:
    assert settled_step("nobody", steps=10, step=99) == 10


# ------------------------------------------------------------------ fingers


def middle(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


PHONE = {"viewport": {"width": 390, "height": 600}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("on", [".bar .track", ".scrubber", ".picture.steps svg.marks"])
def test_a_finger_that_scrolls_changes_no_step(opened, on: str) -> None:
    page = opened("step=100", **PHONE)
    page.locator(".bar .track").scroll_into_view_if_needed()
    before = page.locator(on).first.bounding_box()["y"]
    swipe(page, middle(page, on), (3, -150))
    page.wait_for_timeout(600)  # nothing is to happen: the step would have been told by then
    expect(page.locator(".number")).to_have_text("100 / 384")
    assert page.locator(on).first.bounding_box()["y"] < before - 50  # it scrolled


def test_a_finger_goes_where_it_taps_and_is_followed_sideways(opened) -> None:
    page = opened("step=100", **PHONE)
    page.locator(".bar .track").scroll_into_view_if_needed()
    page.touchscreen.tap(*middle(page, ".bar .track"))
    page.wait_for_function(f"() => Math.abs({HOST}.step - 192) < 4")  # to the pixel
    tapped = step_of(page)
    chart = ".picture.steps svg.marks"
    swipe(page, middle(page, chart), (60, 2))
    page.wait_for_function(f"tapped => {HOST}.step !== tapped", arg=tapped)
    page.locator(".number").scroll_into_view_if_needed()
    held = step_of(page)
    page.touchscreen.tap(*middle(page, chart))
    page.wait_for_function(f"held => {HOST}.step !== held", arg=held)
