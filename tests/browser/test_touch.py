"""A finger that scrolls the page changes nothing, wherever it begins."""

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.figures import links, swipe

#: What a finger may begin on: steppers and sliders, choices, things to try, the scrubber, charts.
PARTS = (
    ".st-key-controls [role=slider]",
    ".st-key-controls button",
    ".st-key-controls [data-baseweb=select]",
    ".st-key-controls label",
    ".st-key-tries button",
    ".player .scrubber",
    ".player figure .picture",
)
SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop"


def begun_on(page: Page, part: Locator) -> float:
    """Swipe up from the middle of a part; return by how many pixels the page has scrolled."""
    part.evaluate("e => e.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(100)
    box, before = part.bounding_box(), page.evaluate(SCROLLED)
    swipe(page, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), (3, -150))
    page.wait_for_timeout(300)
    return page.evaluate(SCROLLED) - before


@pytest.mark.parametrize("link", links())
def test_a_swipe_scrolls_and_changes_nothing(open_page, settled, link):
    page = open_page(link, width=390, height=800)
    settled(page)
    before, still = page.url, []
    for kind in PARTS:
        part = page.locator(kind).first
        if part.is_visible() and begun_on(page, part) < 50:
            still.append(f"{kind}: {part.evaluate('e => e.outerHTML.slice(0, 200)')}")
    page.wait_for_timeout(1000)  # nothing is to happen
    assert page.url == before
    assert not page.get_by_test_id("stAlert").count(), "a thing to try was pressed"
    assert not still, "\n".join(still)
