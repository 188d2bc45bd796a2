"""A reader turns coefficients by hand, lets optimizers do it, and goes on to the older methods."""

from playwright.sync_api import expect

from core.text import Text
from tests.browser.figures import at_step, drawn, press_at_rest, redrawn
from tests.browser.test_journeys import query, widget

ENGLISH = Text("en")


def test_from_tries_by_hand_to_optimizers_on_the_same_map(open_page, console_errors):
    page = open_page("unknowns")
    guess = drawn(page)
    widget(page, "t1").get_by_role("slider").press("ArrowRight")
    expect(page.get_by_text("The best of your 2 tries")).to_be_visible()
    redrawn(page, guess)
    page.wait_for_function("new URL(location).searchParams.get('t1') === '-0.95'")

    for scene in ("step", "search"):
        press_at_rest(widget(page, "next_scene").get_by_role("button"))
        expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH(f"unknowns.{scene}.question"))
    by_hand = drawn(page)
    press_at_rest(widget(page, "fit").locator("label"))
    line = redrawn(page, by_hand)
    at_step(page, 120, 120)
    press_at_rest(widget(page, "try.valley").get_by_role("button"))
    redrawn(page, line)
    expect(page.get_by_text(ENGLISH("unknowns.search.try.valley_look"))).to_be_visible()
    expect(page.locator("figure")).to_have_count(8)
    asked = query(page)
    assert (asked["formula"], asked["fit"], asked["opt"]) == (["sine"], ["1"], ["SGD", "Momentum", "RMSprop", "Adam"])
    assert not console_errors


def test_other_points_move_the_centres_and_back_brings_them_again(open_page, console_errors):
    page = open_page("unknowns?v=2&scene=clusters&kmeans.k=3")
    centres = drawn(page)
    press_at_rest(page.locator(".st-key-fold-data summary"))
    press_at_rest(widget(page, "new.kmeans.seed").get_by_role("button"))
    moved = redrawn(page, centres)
    press_at_rest(widget(page, "back").get_by_role("button"))
    assert redrawn(page, moved) == centres
    page.wait_for_url("**/unknowns?v=2&scene=clusters&kmeans.k=3")
    assert not console_errors
