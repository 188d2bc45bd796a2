"""The inside of a step: a coefficient picked in the drawing, a step written out, and both beside each other."""

import re

from playwright.sync_api import Page, expect

from core.text import Text
from tests.browser.figures import at_step, drawn, press_at_rest, redrawn
from tests.browser.test_journeys import query, widget

ENGLISH = Text("en")
INSIDE = "optimizers?v=2&scene=inside"


def worked(page: Page, step: int, cell: str):
    """The heading of the step that is written out."""
    return page.get_by_text(ENGLISH("optimizers.inside.worked", step=step, cell=cell), exact=True)


def test_a_press_on_a_unit_picks_its_bias_and_back_undoes_it(open_page, console_errors):
    page = open_page(INSIDE)
    before = drawn(page)
    expect(worked(page, 10, "W₂[1, 7]")).to_be_visible()
    press_at_rest(page.locator("figure").first.locator("svg.marks text").get_by_text("3", exact=True))
    redrawn(page, before)
    page.wait_for_function("new URL(location).searchParams.get('cell') === 'b1.3'")
    expect(worked(page, 10, "b₁[3]")).to_be_visible()
    page.go_back()
    page.wait_for_function("!new URL(location).searchParams.has('cell')")
    expect(worked(page, 10, "W₂[1, 7]")).to_be_visible()
    assert not console_errors


def test_the_step_where_the_reader_rests_is_written_out_beside_torchs(open_page, console_errors):
    page = open_page(INSIDE)
    drawn(page)
    page.locator("button.next").click()
    at_step(page, 11, 384)
    expect(worked(page, 11, "W₂[1, 7]")).to_be_visible()
    expect(page.locator('[class*="st-key-worked"] .katex-display')).to_have_count(2)
    for table in page.get_by_test_id("stTable").all()[:2]:
        for row in table.locator("tbody tr").all():
            here, torch = (re.sub("−", "-", text) for text in row.locator("td").all_text_contents()[-2:])
            assert abs(float(here) - float(torch)) <= 1e-5 * abs(float(here)) + 1e-6
    page.locator(".scrubber").press("Home")
    expect(page.get_by_text(ENGLISH("optimizers.inside.none"))).to_be_visible()
    assert not console_errors


def test_a_thing_to_try_trains_another_network_and_says_how_often_its_loss_leaps(open_page, console_errors):
    page = open_page(INSIDE)
    before = drawn(page)
    press_at_rest(widget(page, "try.spikes").get_by_role("button"))
    redrawn(page, before)
    at_step(page, 817, 1400)
    expect(page.get_by_text(re.compile("of 200 epochs its mean loss is over 4 times"))).to_be_visible()
    assert query(page)["width"] == ["100"]
    assert not console_errors
