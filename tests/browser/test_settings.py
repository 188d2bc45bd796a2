"""Folded settings: what scrolls while they are open, and fingers on their sliders."""

from core.text import Text
from tests.browser.conftest import REST
from tests.browser.figures import drawn, press_at_rest, swipe

ENGLISH = Text("en")


def unfold(page, name: str) -> None:
    press_at_rest(page.get_by_text(ENGLISH(f"control.more_{name}"), exact=True))
    assert page.evaluate(REST)


def test_the_figure_stays_in_sight_while_settings_scroll_by(open_page):
    page = open_page("optimizers", height=720)
    drawn(page)
    unfold(page, "hyper")
    page.mouse.move(150, 500)
    page.mouse.wheel(0, 700)
    page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollTop >= 600")
    box = page.locator("figure").first.bounding_box()
    assert 0 <= box["y"] < 200


def test_a_swipe_over_a_slider_scrolls_and_changes_nothing(open_page):
    page = open_page("optimizers", width=390, height=700)
    drawn(page)
    unfold(page, "training")
    slider = page.get_by_test_id("stSlider").first
    slider.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # scrolling comes to rest
    before, words = slider.bounding_box(), slider.inner_text()
    thumb = slider.get_by_test_id("stSliderThumbValue").bounding_box()
    swipe(page, (before["x"] + 0.8 * before["width"], thumb["y"] + thumb["height"] + 4), (3, -150))
    page.wait_for_timeout(1000)  # nothing is to happen
    assert slider.inner_text() == words
    assert slider.bounding_box()["y"] < before["y"] - 50
