"""A reader's journey through the page Small steps, in a real browser."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from core.text import Text
from core.ui.sections import section_at
from tests.browser.figures import drawn, redrawn

ENGLISH = Text("en")


def widget(page: Page, key: str):
    return page.locator(f".st-key-{key.replace('.', '-')}")


def player(page: Page, key: str):
    return widget(page, key).locator(".player")


def test_a_reader_flips_the_sign_takes_more_points_and_goes_back(open_page, console_errors):
    assert section_at("small-steps") is not None
    page = open_page("small-steps?sign.lr=0.003")
    expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH("shell.page.small_steps.title"))
    shared = drawn(page)  # the first player: loss against step for both signs
    expect(page.locator(".player")).to_have_count(6)
    number = player(page, "loss_vs_step").locator(".number")
    expect(number).to_have_text("100 / 100")

    widget(page, "sign").get_by_text(ENGLISH("small_steps.sign.add"), exact=True).click()
    added = redrawn(page, shared)
    page.wait_for_url("**/small-steps?sign=add&sign.lr=0.003")
    back = widget(page, "back").get_by_role("button")
    expect(back).to_have_count(1)
    player(page, "loss_vs_step").locator(".scrubber").press("Home")
    expect(number).to_have_text("0 / 100")

    few = player(page, "player.few")
    stop = ENGLISH("small_steps.few.stop", step=41)
    expect(few.get_by_text(stop, exact=True)).to_have_count(1)
    widget(page, "try.small_steps.few.more").get_by_role("button").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text(ENGLISH("small_steps.few.try.more_look")[:40])
    expect(few.get_by_text(stop, exact=True)).to_have_count(0)
    assert parse_qs(urlsplit(page.url).query) == {"sign": ["add"], "sign.lr": ["0.003"], "few.n": ["200"]}

    back.click()
    assert redrawn(page, added) == shared
    expect(few.get_by_text(stop, exact=True)).to_have_count(1)
    page.wait_for_url("**/small-steps?sign.lr=0.003")
    expect(back).to_have_count(0)
    assert not console_errors
