"""The one rule: the reader's own row slid from one optimizer to another, changed by hand, and shared."""

from playwright.sync_api import Page, expect

from core.text import Text
from tests.browser.figures import drawn, press_at_rest, redrawn
from tests.browser.test_journeys import query, widget

ENGLISH = Text("en")
RULE = "optimizers?v=2&scene=rule"
SLIDE = ".st-key-between-at-stepper [role=slider]"


def named(page: Page, names: str):
    """The sentence that says whose numbers the own row has."""
    return page.get_by_text(ENGLISH("optimizers.rule.named", name="Custom", names=names), exact=True)


def test_the_row_slides_from_one_method_to_the_other_and_lights_up_there(open_page, console_errors):
    page = open_page(RULE)
    before = drawn(page)
    expect(
        page.get_by_text(ENGLISH("optimizers.rule.way", name="Custom", share="50%", one="SGD", other="Adam"))
    ).to_be_visible()
    page.locator(SLIDE).press("End")
    redrawn(page, before)
    expect(named(page, "Adam (beta1 0.9, beta2 0.99, eps 1×10⁻⁸)")).to_be_visible()
    page.wait_for_function("new URL(location).searchParams.get('custom.kappa') === '1'")
    lit = page.get_by_test_id("stTable").first.locator("tbody tr strong")
    expect(lit.filter(has_text="Adam")).to_have_count(1)
    page.locator(SLIDE).press("Home")
    expect(named(page, "SGD")).to_be_visible()
    page.go_back()
    expect(named(page, "Adam (beta1 0.9, beta2 0.99, eps 1×10⁻⁸)")).to_be_visible()
    assert not console_errors


def test_a_number_changed_by_hand_is_off_the_way_and_in_the_link(open_page, console_errors):
    page = open_page(f"{RULE}&custom.nu=1&custom.beta1=0.8&custom.c1=1&custom.a=0&custom.floor=1&custom.kappa=0")
    drawn(page)
    expect(named(page, "Nesterov (momentum 0.8)")).to_be_visible()
    expect(page.locator(SLIDE)).to_have_attribute("aria-valuetext", ENGLISH("optimizers.rule.off"))
    page.get_by_text(ENGLISH("control.more_own_numbers"), exact=True).click()
    widget(page, "custom.c1").get_by_role("slider").press("ArrowLeft")
    page.wait_for_function(
        "new URL(location).searchParams.has('custom.c1', '0.55') || !new URL(location).searchParams.has('custom.c1')"
    )
    expect(page.get_by_text(ENGLISH("optimizers.rule.nameless", name="Custom"))).to_be_visible()
    assert not console_errors


def test_a_thing_to_try_after_another_shows_what_it_alone_shows(open_page, console_errors):
    page = open_page(RULE)
    before = drawn(page)
    press_at_rest(widget(page, "try.sign").get_by_role("button"))
    redrawn(page, before)
    expect(named(page, "signSGD")).to_be_visible()
    press_at_rest(widget(page, "try.cut").get_by_role("button"))
    expect(named(page, "Momentum (momentum 0.99)")).to_be_visible()
    assert query(page)["opt"] == ["Momentum"]
    assert query(page)["cut"] == ["1"]
    assert not console_errors
