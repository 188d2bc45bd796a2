"""A reader turns coefficients by hand, lets optimizers do it, and goes on to the older methods."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from core.text import Text
from tests.browser.figures import drawn, redrawn

ENGLISH = Text("en")
PLAYERS = "[data-testid=stBidiComponentIsolated]"


def widget(page: Page, key: str):
    return page.locator(f".st-key-{key.replace('.', '-')}")


def dots(page: Page, chart: int) -> int:
    """How many filled symbols one of Streamlit's charts shows."""
    return page.get_by_test_id("stVegaLiteChart").nth(chart).locator("svg .mark-symbol path[fill='#CF7B26']").count()


def test_from_tries_by_hand_to_centres_that_walk(open_page, console_errors):
    page = open_page("unknowns?kmeans.k=3")
    expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH("shell.page.unknowns.title"))
    expect(page.locator(PLAYERS)).to_have_count(2)
    expect(widget(page, "back")).to_have_count(0)
    assert (dots(page, 2), dots(page, 3)) == (1, 1)  # the map, and loss against try
    slider = widget(page, "t1").get_by_role("slider")
    slider.press("ArrowRight")
    expect(page.get_by_text("The best of your 2 tries")).to_be_visible()
    page.wait_for_function("new URL(location).searchParams.get('t1') === '-0.95'")
    expect(widget(page, "back")).to_have_count(1)
    page.wait_for_timeout(300)
    assert (dots(page, 2), dots(page, 3)) == (2, 2)

    widget(page, "fit").locator("label").click()
    expect(page.locator(PLAYERS)).to_have_count(3)
    line = drawn(page)
    number = page.locator(".player .number").first
    expect(number).to_have_text("120 / 120")
    page.locator(".player .scrubber").first.press("Home")
    page.locator(".player .play").first.click()
    expect(number).to_have_text(re.compile(r"^[1-9]\d* / 120$"))
    page.locator(".player .play").first.click()

    widget(page, "try.unknowns.valley").get_by_role("button").click()
    redrawn(page, line)
    expect(page.get_by_text(ENGLISH("unknowns.try.valley_look"))).to_be_visible()
    expect(page.locator(PLAYERS).first.locator("figure")).to_have_count(7)
    query = parse_qs(urlsplit(page.url).query)
    assert (query["formula"], query["fit"], query["opt"]) == (["sine"], ["1"], ["SGD", "Momentum", "RMSprop", "Adam"])

    iterations = page.get_by_text("stops after").inner_text()
    widget(page, "new.kmeans.seed").get_by_role("button").click()
    expect(page.get_by_role("button", name=ENGLISH("unknowns.new_data", seed=4))).to_be_visible()
    expect(page.get_by_text("stops after")).not_to_have_text(iterations)
    widget(page, "back").get_by_role("button").click()
    expect(page.locator(PLAYERS)).to_have_count(2)
    expect(page.get_by_text("stops after")).to_have_text(iterations)
    page.wait_for_url("**/unknowns?kmeans.k=3")
    assert not console_errors
