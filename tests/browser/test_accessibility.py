"""axe-core on every page: it finds nothing but what Streamlit itself brings along."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.figures import drawn, links, press_at_rest

#: What a page cannot mend: rule, the elements within which it may be broken, and why it is Streamlit's own.
KNOWN = (
    ("scrollable-region-focusable", ".katex-display", "st.latex scrolls a formula, and leaves it out of the tab order"),
    ("scrollable-region-focusable", "[data-testid=stTable]", "st.table does the same with a table on a phone"),
    ("color-contrast", "[data-testid=stCode] .token", "the colours of code are fixed, whatever the theme"),
)
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 28)"}
WITHIN = "([element, known]) => Boolean(document.querySelector(element)?.closest(known))"


def known(page: Page, rule: str, target: list) -> bool:
    """Whether the element that breaks a rule is one that is known to; never one of a component of ours."""
    selectors = [selector for name, selector, _ in KNOWN if name == rule]
    return isinstance(target[0], str) and any(page.evaluate(WITHIN, [target[0], s]) for s in selectors)


def broken(page: Page, where: str) -> list[str]:
    """Return a line for each element that breaks a rule and is not known to."""
    return [
        f"{where}: {rule['id']}: {node['html'][:300]} {node['failureSummary']}"
        for rule in Axe().run(page).response["violations"]
        for node in rule["nodes"]
        if not known(page, rule["id"], node["target"])
    ]


@pytest.mark.parametrize("link", links())
def test_scenes_in_both_themes_and_sizes(open_page, settled, link):
    page = open_page(link)
    found = []
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        for scheme, ground in GROUNDS.items():
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground)
            found += broken(settled(page), f"{size}, {scheme}")
    assert not found, "\n".join(found)


def test_what_opens(open_page, settled):
    page = open_page("optimizers?lr=0.3&nonsense=1")
    drawn(page)
    found = broken(page, "notice")
    for part in ("hyper", "data", "training", "code", "why"):
        press_at_rest(page.locator(f".st-key-fold-{part} summary"))
        found += broken(settled(page), part)
        press_at_rest(page.locator(f".st-key-fold-{part} summary"))
    press_at_rest(page.locator(".st-key-try-rate button"))
    page.get_by_test_id("stAlert").wait_for()
    found += broken(settled(page), "try")
    press_at_rest(page.locator(".st-key-share button"))
    page.get_by_role("dialog").get_by_role("img").wait_for()
    found += broken(settled(page), "share")
    assert not found, "\n".join(found)
