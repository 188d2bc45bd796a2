"""The point on the map: dragged with a mouse, with a finger, and by keys, while a swipe only scrolls."""

from playwright.sync_api import Locator, Page, expect

from core.text import Text
from tests.browser.conftest import REST
from tests.browser.figures import drawn, swipe
from tests.browser.test_journeys import query

ENGLISH = Text("en")
MAP = "unknowns?v=2&scene=search&fit=1"


def handle(page: Page) -> tuple[float, float]:
    """Where the point is, in pixels of the window."""
    box = page.locator(".handle").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def said(page: Page) -> Locator:
    """What the curve's chart says of the guess."""
    return page.locator("figure").nth(1).locator("svg").get_by_text("loss")


def cost(page: Page) -> str:
    return said(page).text_content()


def chosen(page: Page) -> tuple[float, float]:
    asked = query(page)
    return float(asked.get("t1", ["-1"])[0]), float(asked.get("t2", ["1"])[0])


def test_a_dragged_point_is_followed_at_once_and_taken_over_when_let_go(open_page, console_errors):
    page = open_page(MAP)
    drawn(page)
    before, (x, y) = cost(page), handle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 60, steps=5)
    expect(said(page)).not_to_have_text(before)
    assert chosen(page) == (-1.0, 1.0)  # not yet
    dragged = cost(page)
    page.mouse.up()
    page.wait_for_function("new URL(location).searchParams.has('t1')")
    assert page.evaluate(REST)
    t1, t2 = chosen(page)
    assert t1 > -1
    assert t2 < 1
    assert cost(page) == dragged
    assert f"w = {t1:.2f}, b = {t2:.2f}".replace("-", "−") in dragged
    page.go_back()
    page.wait_for_function("!new URL(location).searchParams.has('t1')")
    assert page.evaluate(REST)
    assert cost(page) == before
    assert not console_errors


def test_keys_move_the_point_and_several_presses_are_one_choice(open_page, console_errors):
    page = open_page(MAP)
    drawn(page)
    page.locator(".handle").focus()
    for key in ("ArrowUp", "ArrowUp", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    page.wait_for_function("new URL(location).searchParams.get('t1') === '-0.9'")
    assert chosen(page) == (-0.9, 0.5)
    assert "−0.90" in page.locator(".handle").get_attribute("aria-label")
    expect(page.locator(".number")).to_have_text("120 / 120")  # the step has not moved
    page.go_back()
    page.wait_for_function("!new URL(location).searchParams.has('t1')")
    assert not console_errors


def test_a_finger_drags_the_point_taps_it_elsewhere_and_scrolls_the_page(open_page, console_errors):
    page = open_page(MAP, width=390, height=844)
    drawn(page)
    page.locator(".handle").scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    x, y = handle(page)
    swipe(page, (x, y), (0, -40))
    page.wait_for_function("new URL(location).searchParams.has('t1')")
    assert page.evaluate(REST)
    assert abs(handle(page)[1] - (y - 40)) < 12  # dragged, the page has not scrolled
    moved = chosen(page)
    assert moved[0] > -1

    box = page.locator("figure").first.locator(".picture").bounding_box()
    there = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    swipe(page, there, (0, -150))
    page.wait_for_timeout(1000)  # nothing is to happen
    assert chosen(page) == moved
    assert page.locator("figure").first.locator(".picture").bounding_box()["y"] < box["y"] - 50

    box = page.locator("figure").first.locator(".picture").bounding_box()
    page.touchscreen.tap(box["x"] + 0.7 * box["width"], box["y"] + 0.7 * box["height"])
    page.wait_for_function("before => new URL(location).searchParams.get('t1') !== before", arg=query(page)["t1"][0])
    assert not console_errors


def test_on_a_wide_screen_where_pictures_are_larger_point_and_step_go_where_they_are_pressed(open_page, console_errors):
    page = open_page(MAP, width=1920, height=1080)
    drawn(page)
    x, y = handle(page)
    page.mouse.click(x - 120, y - 90)
    page.wait_for_function("new URL(location).searchParams.has('t1')")
    assert page.evaluate(REST)
    there = handle(page)
    assert abs(there[0] - (x - 120)) < 8
    assert abs(there[1] - (y - 90)) < 8
    ring = page.locator("figure").first.locator("svg.marks path[stroke='#CF7B26']").last.bounding_box()
    assert abs(ring["x"] + ring["width"] / 2 - there[0]) < 2
    assert abs(ring["y"] + ring["height"] / 2 - there[1]) < 2

    losses = page.locator("figure").filter(has=page.locator(".picture.steps")).locator("svg.marks")
    losses.scroll_into_view_if_needed()
    ticks = {label.text_content(): label.bounding_box() for label in losses.locator(".role-axis-label text").all()}
    tick, box = ticks["60"], losses.bounding_box()
    page.mouse.click(tick["x"] + tick["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("Math.abs(new URL(location).searchParams.get('step') - 60) <= 1")
    assert not console_errors
