"""A journey over the Transformer page: one unit, many units, and how many it takes."""

from dataclasses import replace

from playwright.sync_api import expect

from core.analysis.unit_frames import fold_lines
from core.engine.training import train
from core.text import Text
from core.ui.transformer import NETWORK
from tests.browser.figures import at_step, drawn, paths, redrawn
from tests.browser.test_journeys import query, widget


def lines(page, chart: int) -> list[str]:
    """The lines of one of the charts that Streamlit draws."""
    marks = page.get_by_test_id("stVegaLiteChart").nth(chart).locator("svg .mark-line path")
    marks.first.wait_for()
    return marks.evaluate_all("all => all.map(e => e.getAttribute('d'))")


def test_a_unit_is_bent_and_a_network_of_straight_ones_stays_straight(open_page, console_errors):
    text = Text("en")
    page = open_page("transformer?lang=en")
    unit, slope = lines(page, 0), lines(page, 2)
    assert len(unit) == 3
    widget(page, "unit.w").get_by_role("slider").press("ArrowRight")
    page.wait_for_url("**unit.w=2.25**")
    expect(
        page.get_by_text(text("transformer.unit_says", z_low="−1.75", z_high="2.75", slope_low="0", slope_high="1"))
    ).to_be_visible()
    assert lines(page, 0) != unit
    assert lines(page, 2)[0] == slope[0]  # the derivative is the same function, of which more is used
    assert lines(page, 2)[1] != slope[1]

    relu = drawn(page)
    bent = paths(page, "units")
    assert len(bent) == 20
    page.locator(".player .scrubber").press("Home")
    at_step(page, 0, 384)
    assert paths(page, "units") != bent

    widget(page, "try.transformer.line").get_by_role("button").click()
    redrawn(page, relu)
    expect(page.get_by_text(text("transformer.try.line_look"))).to_be_visible()
    expect(page.get_by_text("It is the straight line")).to_be_visible()
    assert len(paths(page, "units")) == 128
    assert query(page) | {"act": ["identity"], "width": ["128"]} == query(page)

    widget(page, "try.transformer.plane").get_by_role("button").click()
    expect(page.locator("figure")).to_have_count(3)
    folds = page.locator("figure").nth(1).locator(".mark-rule.role-mark line")
    expect(folds.first).to_be_attached()
    start = fold_lines(train(replace(NETWORK, data="saddle", epochs=1)), 0).query("begin == 0")
    expect(folds).to_have_count(2 * len(start))  # each edged in white
    assert not console_errors
