"""A reader's journey through the page Small steps, in a real browser."""

from playwright.sync_api import expect

from core.text import Text
from tests.browser.figures import at_step, drawn, press_at_rest, redrawn, words
from tests.browser.test_journeys import query, widget

ENGLISH = Text("en")


def test_a_reader_flips_the_sign_and_goes_back(open_page, console_errors):
    page = open_page("small-steps?v=2&sign.lr=0.003")
    expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH("small_steps.sign.question"))
    shared = drawn(page)
    at_step(page, 100, 100)
    press_at_rest(widget(page, "sign").get_by_text(ENGLISH("small_steps.sign.add"), exact=True))
    added = redrawn(page, shared)
    page.wait_for_url("**/small-steps?v=2&sign=add&sign.lr=0.003")
    page.locator(".player .scrubber").press("Home")
    at_step(page, 0, 100)
    press_at_rest(widget(page, "back").get_by_role("button"))
    assert redrawn(page, added) == shared
    page.wait_for_url("**/small-steps?v=2&sign.lr=0.003")
    expect(widget(page, "back")).to_have_count(0)
    assert not console_errors


def test_more_points_move_the_moment_to_stop(open_page, console_errors):
    page = open_page("small-steps?scene=memorise")
    few = drawn(page)
    stop = ENGLISH("small_steps.few.stop", step=41)
    assert stop in words(page)
    press_at_rest(widget(page, "try.more").get_by_role("button"))
    expect(page.get_by_test_id("stAlert")).to_contain_text(ENGLISH("small_steps.memorise.try.more_look")[:40])
    redrawn(page, few)
    assert stop not in words(page)
    assert query(page) == {"v": ["2"], "scene": ["memorise"], "few.n": ["200"]}
    page.go_back()
    page.wait_for_url("**/small-steps?scene=memorise")
    assert not console_errors
