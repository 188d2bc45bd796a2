"""One step by hand: buttons, the learning rate dragged and by keys, another start, and a finger that only scrolls."""

from playwright.sync_api import Locator, Page, expect

from core.text import Text
from tests.browser.conftest import REST
from tests.browser.figures import at_step, drawn, press_at_rest, swipe
from tests.browser.test_journeys import query

ENGLISH = Text("en")
STEP = "unknowns?v=2&scene=step"
#: The lines of the step in numbers, in the page.
LINES = """[...document.querySelector('.st-key-loss_vs_step [data-testid=stBidiComponentIsolated]').shadowRoot
    .querySelectorAll('figure')[1].querySelectorAll('svg.marks text')]
    .map(text => text.textContent).filter(text => text.includes('←'))"""


def button(page: Page, name: str) -> Locator:
    return page.locator(".hand").get_by_role("button", name=ENGLISH(f"unknowns.step.{name}"), exact=True)


def rate(page: Page) -> Locator:
    return page.locator(".hand").get_by_role("slider")


def sums(page: Page) -> list[str]:
    """The lines of the step in numbers."""
    return page.locator("figure").nth(1).locator("svg.marks text").filter(has_text="←").all_text_contents()


def loss_figure(page: Page) -> Locator:
    return page.locator("figure").nth(2)


def test_one_step_ten_and_to_the_end(open_page, console_errors):
    page = open_page(STEP)
    drawn(page)
    (coming, _) = sums(page)
    press_at_rest(button(page, "one"))
    page.wait_for_function("new URL(location).searchParams.get('step') === '1'")
    at_step(page, 1, 103)
    assert sums(page)[2] == coming  # what was the next step is the one just taken
    press_at_rest(button(page, "ten"))
    page.wait_for_function("new URL(location).searchParams.get('step') === '11'")
    press_at_rest(button(page, "all"))
    page.wait_for_function("new URL(location).searchParams.get('step') === '103'")
    for name in ("one", "ten", "all"):
        expect(button(page, name)).to_be_disabled()
    page.locator("button.previous").press("Home")
    page.wait_for_function("!new URL(location).searchParams.has('step')")
    expect(button(page, "one")).to_be_enabled()
    assert not console_errors


def test_a_dragged_rate_is_followed_at_once_and_the_step_stays(open_page, console_errors):
    page = open_page(STEP + "&lr=0.1")
    drawn(page)
    press_at_rest(button(page, "ten"))
    page.wait_for_function("new URL(location).searchParams.get('step') === '10'")
    before = sums(page)
    box = rate(page).bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.65 * box["width"], middle, steps=4)
    expect(loss_figure(page)).to_have_class("stale")
    page.wait_for_function(f"() => {LINES}[0] !== {before[0]!r}")
    assert "lr" not in query(page) or query(page)["lr"] == ["0.1"]
    dragged = sums(page)
    page.mouse.up()
    page.wait_for_function("(new URL(location).searchParams.get('lr') ?? '0.1') !== '0.1'")
    page.wait_for_function("new URL(location).searchParams.get('step') === '10'")
    assert page.evaluate(REST)
    expect(loss_figure(page)).not_to_have_class("stale")
    assert sums(page) == dragged
    assert f" − {query(page)['lr'][0]} × " in dragged[0]
    page.go_back()
    page.wait_for_function("(new URL(location).searchParams.get('lr') ?? '0.1') === '0.1'")
    assert page.evaluate(REST)
    assert sums(page) == before
    assert not console_errors


def test_keys_change_the_rate_and_a_new_start_is_step_0(open_page, console_errors):
    page = open_page(STEP + "&step=5")
    drawn(page)
    assert page.evaluate(REST)
    rate(page).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("new URL(location).searchParams.get('lr') === '0.2'")
    page.wait_for_function("new URL(location).searchParams.get('step') === '5'")
    assert page.evaluate(REST)
    page.locator(".handle").focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function("new URL(location).searchParams.get('t1') === '-0.95'")
    page.wait_for_function("!new URL(location).searchParams.has('step')")
    assert query(page)["lr"] == ["0.2"]
    assert not console_errors


def test_a_finger_drags_the_rate_by_its_thumb_and_scrolls_the_page_elsewhere(open_page, console_errors):
    page = open_page(STEP, width=390, height=844)
    drawn(page)
    track = page.locator(".hand .track").bounding_box()
    before = page.locator("figure").first.bounding_box()["y"]
    swipe(page, (track["x"] + 0.2 * track["width"], track["y"] + track["height"] / 2), (0, -150))
    page.wait_for_timeout(1000)  # nothing is to happen
    assert "lr" not in query(page)
    assert page.locator("figure").first.bounding_box()["y"] < before - 50
    track = page.locator(".hand .track").bounding_box()
    page.touchscreen.tap(track["x"] + 0.75 * track["width"], track["y"] + track["height"] / 2)
    page.wait_for_function("new URL(location).searchParams.has('lr')")
    assert not console_errors
