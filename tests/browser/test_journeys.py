"""Journeys of readers and teachers through the app, in a real browser."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from core.catalogue.optimizers import METHODS
from core.text import Text
from tests.browser.figures import at_step, drawn, links, numbers, paths, press_at_rest, redrawn, sideways, words

PHONE = {"width": 390, "height": 844}
JUNK = "lr=-1&opt=%3Cscript%3Ealert(1)%3C/script%3E&nonsense=1&adam.beta1=nan"
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
#: What is not translated: the optimizers, the loss and activations by their usual names, and the axes of the data.
USUAL = [*METHODS, "Lloyd", "MSE", "Huber", "ReLU", "tanh", "Sigmoid", "x", "y"]
NAMES = re.compile("(?<![A-Za-z])(" + "|".join(USUAL) + ")(?![A-Za-z])")


def widget(page: Page, key: str):
    return page.locator(f".st-key-{key.replace('.', '-')}")


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True)


def press(page: Page, key: str, label: str) -> None:
    press_at_rest(widget(page, key).get_by_text(label, exact=True))


def rate(page: Page) -> Locator:
    return widget(page, "lr.stepper").get_by_role("slider")


def test_a_deep_link_opens_on_what_it_says_and_follows_the_controls(open_page, console_errors):
    page = open_page("optimizers?v=2&lr=0.1")
    english = Text("en")
    expect(page.get_by_role("heading", level=1)).to_have_text(english("optimizers.race.question"))
    shared = drawn(page)
    expect(rate(page)).to_have_attribute("aria-valuetext", "0.1")
    assert query(page) == {"v": ["2"], "lr": ["0.1"]}

    line = paths(page, "loss")
    rate(page).press("ArrowRight")
    faster = redrawn(page, shared)
    page.wait_for_url("**/optimizers?v=2&lr=0.3")
    assert paths(page, "loss") != line
    assert len(paths(page, "loss")) == len(line)

    press(page, "opt", "Adagrad")
    more = redrawn(page, faster)
    assert "Adagrad" in more
    assert "Adagrad" not in faster
    assert query(page)["opt"] == ["SGD", "Momentum", "RMSprop", "Adam", "Adagrad"]
    expect(page.locator("figure")).to_have_count(6)

    press_at_rest(widget(page, "back").get_by_role("button"))
    assert redrawn(page, more) == shared
    page.wait_for_url("**/optimizers?v=2&lr=0.1")
    expect(widget(page, "back")).to_have_count(0)

    press(page, "rates", english("control.rates_best"))
    best = redrawn(page, shared)
    assert query(page)["rates"] == ["best"]
    press_at_rest(page.get_by_text(english("scene.code"), exact=True))
    expect(page.get_by_test_id("stCode")).to_contain_text("Each at its own best of the rates")
    press_at_rest(widget(page, "back").get_by_role("button"))
    assert redrawn(page, best) == shared
    assert not console_errors


def test_a_shared_link_shows_the_same_picture_at_the_same_step_to_somebody_else(open_page):
    page = open_page("optimizers?v=2&lr=0.03&epochs=4&scale=log&seeds=3")
    rows = drawn(page)
    scrubber = page.locator(".player .scrubber")
    scrubber.press("Home")
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "ArrowRight"):
        scrubber.press(key)
    at_step(page, 21, 128)
    here = Text("en")("player.at_step", step=21, steps=128)
    expect(page.locator(".player .announcement")).to_contain_text(here)  # by then it has told Python too
    press_at_rest(widget(page, "share").get_by_role("button"))
    dialog = page.get_by_role("dialog")
    press_at_rest(dialog.get_by_text("繁體中文", exact=True))
    code = dialog.get_by_test_id("stCode")
    expect(code).to_contain_text("lang=zh-Hant")
    expect(code).to_contain_text("step=21")  # on by default
    link = urlsplit(code.inner_text().strip())
    assert query(page)["lr"] == ["0.03"]

    other = open_page(f"{link.path[1:]}?{link.query}")
    assert numbers(drawn(other)) == numbers(rows)
    at_step(other, 21, 128)
    assert other.evaluate("document.documentElement.lang") == "zh-Hant"
    expect(rate(other)).to_have_attribute("aria-valuetext", "0.03")
    expect(widget(other, "back")).to_have_count(0)


def test_back_to_the_shared_situation_is_back_at_its_step(open_page):
    page = open_page("optimizers?v=2&lr=0.1&step=20")
    shared = drawn(page)
    at_step(page, 20, 384)
    page.locator(".player .scrubber").press("End")
    at_step(page, 384, 384)
    rate(page).press("ArrowRight")
    moved = redrawn(page, shared)
    at_step(page, 384, 384)
    press_at_rest(widget(page, "back").get_by_role("button"))
    assert redrawn(page, moved) == shared
    at_step(page, 20, 384)


def test_a_rate_that_is_too_large_is_seen_to_diverge(open_page):
    page = open_page("optimizers?lr=3")
    drawn(page)
    said = page.get_by_test_id("stMain").inner_text()
    marks = [text for text in words(page) if re.fullmatch(r"(SGD|Momentum) diverges at step \d+", text)]
    assert len(marks) == 2
    for mark in marks:
        assert f"{mark}: " in said


def test_a_junk_link_gets_one_notice_and_a_page_that_works(open_page, app_url, settled, console_errors):
    dialogs = []
    page = open_page("no-such-page")
    page.on("dialog", lambda dialog: dialogs.append(dialog.message) or dialog.dismiss())
    page.goto(f"{app_url}/optimizers?{JUNK}")
    usual = drawn(settled(page))
    expect(page.get_by_test_id("stAlert")).to_have_count(1)
    notice = page.get_by_test_id("stText")
    for name in ("lr=-1: ", "opt=<script>alert(1)</script>: ", "adam.beta1=nan: ", "nonsense=1: "):
        expect(notice).to_contain_text(name)
    rate(page).press("ArrowRight")
    redrawn(page, usual)
    page.wait_for_url("**/optimizers?v=2&lr=0.03")
    assert not dialogs
    assert not console_errors


@pytest.mark.parametrize("path", links())
def test_a_phone_shows_every_scene_in_one_language_without_scrolling_sideways(open_page, path):
    and_ = "&" if "?" in path else "?"
    english = open_page(f"{path}{and_}lang=en", **PHONE)
    charts = english.locator("svg.marks").count() > 0
    rows = drawn(english) if charts else ""
    assert not CHINESE.findall(english.locator(".st-key-scene, .st-key-strip").all_inner_texts()[-1])
    chinese = open_page(f"{path}{and_}lang=zh-Hant", **PHONE)
    if charts:
        assert not [text for text in words(english) if CHINESE.search(text)]
        assert numbers(drawn(chinese)) == numbers(rows)
        assert not [text for text in words(chinese) if re.search("[A-Za-z]{2}", NAMES.sub("", text))]
    for page, language in ((english, "en"), (chinese, "zh-Hant")):
        assert page.evaluate("document.documentElement.lang") == language
        assert sideways(page) <= 0
        boxes = page.locator("figure").evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
        assert all(box["left"] >= 0 and box["right"] <= PHONE["width"] for box in boxes)


def test_the_learning_rate_page_turns_its_panels_around(open_page, console_errors):
    english = Text("en")
    page = open_page("learning-rate?v=2&lr=0.001&lr=0.1&seeds=2")
    by_optimizer = drawn(page)
    expect(page.locator("figure")).to_have_count(4)
    press(page, "by", english("control.by_rate"))
    by_rate = redrawn(page, by_optimizer)
    expect(page.locator("figure")).to_have_count(2)
    assert query(page)["by"] == ["rate"]
    press(page, "lr", "0.3")
    redrawn(page, by_rate)
    expect(page.locator("figure")).to_have_count(3)
    press_at_rest(widget(page, "back").get_by_role("button"))
    expect(page.locator("figure")).to_have_count(4)
    page.wait_for_url("**/learning-rate?v=2&lr=0.001&lr=0.1&seeds=2")
    assert drawn(page) == by_optimizer
    assert not console_errors


def test_embedded_with_two_inputs_there_are_heat_maps_and_no_navigation(open_page, console_errors):
    page = open_page("optimizers?data=saddle&epochs=4&embed=true")
    drawn(page)
    assert page.get_by_test_id("stPageLink-NavLink").count() == 0
    maps = page.locator("figure svg.marks").filter(has=page.locator(".mark-rect path:nth-child(200)"))
    expect(maps).to_have_count(4)
    fills = maps.first.locator(".mark-rect path").evaluate_all(
        "all => [...new Set(all.map(one => one.getAttribute('fill')))]"
    )
    assert len(fills) > 10
    assert not console_errors
