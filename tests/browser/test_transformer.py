"""A reader bends one unit, adds many up, and kinks a plane with them."""

from dataclasses import replace

from playwright.sync_api import expect

from core.analysis.unit_frames import kink_lines
from core.engine.training import train
from core.text import Text
from pages.transformer.sum.spec import NETWORK
from tests.browser.figures import at_step, drawn, paths, press_at_rest, redrawn
from tests.browser.test_journeys import query, widget


def test_a_unit_is_bent(open_page, console_errors):
    text = Text("en")
    page = open_page("transformer?lang=en")
    rows = drawn(page)
    unit = paths(page, "unit")
    assert len(unit) == 3
    widget(page, "unit.w.stepper").get_by_role("slider").press("ArrowRight")
    redrawn(page, rows)
    page.wait_for_url("**unit.w=2.25**")
    says = text("transformer.unit_says", z_low="−1.75", z_high="2.75", slope_low="0", slope_high="1")
    expect(page.get_by_text(says)).to_be_visible()
    assert paths(page, "unit") != unit
    assert not console_errors


def test_a_network_of_straight_units_stays_straight_and_others_kink_a_plane(open_page, console_errors):
    text = Text("en")
    page = open_page("transformer?scene=sum&lang=en")
    relu = drawn(page)
    bent = paths(page, "units")
    assert len(bent) == 20
    page.locator(".player .scrubber").press("Home")
    at_step(page, 0, 384)
    assert paths(page, "units") != bent

    press_at_rest(widget(page, "try.line").get_by_role("button"))
    redrawn(page, relu)
    expect(page.get_by_text(text("transformer.sum.try.line_look"))).to_be_visible()
    expect(page.get_by_text("it is the straight line")).to_be_visible()
    assert len(paths(page, "units")) == 128
    assert query(page) | {"act": ["identity"], "width": ["128"]} == query(page)

    press_at_rest(widget(page, "try.plane").get_by_role("button"))
    expect(page.locator("figure")).to_have_count(3)
    kinks = page.locator("figure").nth(1).locator(".mark-rule.role-mark line")
    expect(kinks.first).to_be_attached()
    start = kink_lines(train(replace(NETWORK, data="saddle", epochs=1)), 0).query("begin == 0")
    expect(kinks).to_have_count(2 * len(start))  # each edged in white; the step is still 0
    assert not console_errors
