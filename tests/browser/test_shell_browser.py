"""The shell in a real browser: addresses, languages, themes, phones, embedding, accessibility."""

import sys
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from core.text import LANGUAGES, Text
from core.ui.sections import SECTIONS, all_scenes
from tests.browser.conftest import ROOT, served
from tests.browser.figures import press_at_rest

PHONE = {"width": 390, "height": 844}


def title(key: str, language: str) -> str:
    """Return the title of what is at an address: the first question of a page, or that nothing is."""
    text = Text(language)
    section = next((s for s in SECTIONS if key == f"page.{s.key}"), None)
    words = section.scenes[0].word("question") if section else f"shell.{key}.title"
    return f"{text(words)} · {text('shell.name')}"


def links(page: Page):
    return page.locator(".st-key-nav_pages").get_by_test_id("stPageLink-NavLink")


def language(page: Page) -> str:
    return page.evaluate("document.documentElement.lang")


def background(page: Page) -> str:
    return page.get_by_test_id("stApp").evaluate("e => getComputedStyle(e).backgroundColor")


def link_to(page: Page, key: str, lang: str) -> Locator:
    """Return the link to a page in the row of pages."""
    return links(page).filter(has_text=Text(lang)(f"shell.page.{key}.short"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("section", SECTIONS, ids=lambda s: s.key)
def test_every_page_opens_from_its_link(open_page, console_errors, section, lang):
    page = open_page(f"{section.url_path}?lang={lang}")
    expect(page).to_have_title(title(f"page.{section.key}", lang))
    assert language(page) == lang
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_test_id("stException").count() == 0
    assert not console_errors


def test_nothing_comes_from_elsewhere(open_page, settled):
    page = open_page()
    hosts = set()
    page.on("request", lambda r: hosts.add(urlsplit(r.url).netloc) if r.url.startswith("http") else None)
    page.reload()
    settled(page)
    press_at_rest(links(page).nth(1))
    settled(page)
    assert hosts == {urlsplit(page.url).netloc}


def test_a_chosen_language_stays_on_the_way_through_the_pages(open_page, settled):
    page = open_page("?v=2&lr=0.1")
    press_at_rest(page.get_by_text("繁體中文", exact=True))
    expect(page).to_have_title(title("page.home", "zh-Hant"))
    settled(page)
    assert parse_qs(urlsplit(page.url).query) == {"v": ["2"], "lr": ["0.1"], "lang": ["zh-Hant"]}
    assert language(page) == "zh-Hant"
    press_at_rest(link_to(page, "optimizers", "zh-Hant"))
    expect(page).to_have_title(title("page.optimizers", "zh-Hant"))
    settled(page)
    assert urlsplit(page.url).path == "/optimizers"
    assert "lang=zh-Hant" in page.url
    page.go_back()  # once: a page is one step of the history
    expect(page).to_have_title(title("page.home", "zh-Hant"))
    page.go_forward()
    expect(page).to_have_title(title("page.optimizers", "zh-Hant"))
    page.reload()
    expect(page).to_have_title(title("page.optimizers", "zh-Hant"))
    settled(page)
    press_at_rest(page.get_by_text("English", exact=True))
    expect(page).to_have_title(title("page.optimizers", "en"))
    settled(page)
    assert language(page) == "en"


def test_an_unknown_address_is_answered_helpfully(open_page, console_errors):
    page = open_page("no-such-page?lang=zh-Hant")
    text = Text("zh-Hant")
    expect(page).to_have_title(title("missing", "zh-Hant"))
    expect(page.get_by_role("heading", level=1)).to_have_text(text("shell.missing.title"))
    assert page.get_by_role("dialog").count() == 0
    offered = page.get_by_test_id("stPageLink-NavLink").filter(visible=True)
    assert offered.count() == 2 * len(SECTIONS)  # in the row, and below the answer
    press_at_rest(link_to(page, "optimizers", "zh-Hant"))
    expect(page).to_have_title(title("page.optimizers", "zh-Hant"))
    assert not console_errors


@pytest.mark.parametrize(
    ("address", "lands_on", "key"),
    [
        ("optimizers/more/still", "/optimizers", "page.optimizers"),
        ("optimizers/", "/optimizers", "page.optimizers"),
        ("a/b", "/a", "missing"),
        ("home", "/home", "missing"),
        ("Optimizers", "/Optimizers", "missing"),
        ("%E5%B0%8F%E6%AD%A5?lang=junk", "/%E5%B0%8F%E6%AD%A5", "missing"),
        ("%3Cscript%3E", "/%3Cscript%3E", "missing"),
        ("x%3Fy", "/x%3Fy", "missing"),
    ],
)
def test_odd_addresses(open_page, console_errors, address, lands_on, key):
    page = open_page(address)
    expect(page).to_have_title(title(key, "en"))
    assert urlsplit(page.url).path == lands_on
    assert not console_errors


@pytest.mark.parametrize(("scheme", "colour"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(18, 22, 28)")])
def test_the_theme_follows_the_reader(open_page, scheme, colour):
    assert background(open_page("no-such-page", scheme=scheme)) == colour


def test_embedded_there_is_no_navigation(open_page):
    page = open_page("optimizers?embed=true&lang=zh-Hant")
    expect(page).to_have_title(title("page.optimizers", "zh-Hant"))
    assert page.get_by_test_id("stPageLink-NavLink").count() == 0


def test_on_a_phone_one_menu_lists_every_question_under_its_page(open_page, settled):
    page = open_page("optimizers", **PHONE)
    expect(links(page).first).not_to_be_visible()
    press_at_rest(page.locator(".st-key-menu button").first)
    menu = page.get_by_test_id("stPopoverBody")
    for scene in all_scenes():
        expect(menu.get_by_text(Text("en")(scene.word("question")), exact=True)).to_be_visible()
    press_at_rest(menu.get_by_text(Text("en")("learning_rate.range.question"), exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(Text("en")("learning_rate.range.question"))
    expect(page).to_have_title(f"{Text('en')('learning_rate.range.question')} · {Text('en')('shell.name')}")
    expect(menu).to_have_count(0)
    settled(page)
    assert page.url.endswith("/learning-rate?scene=range")


def test_the_row_of_pages_is_low(open_page):
    page = open_page("optimizers")
    for width in (1280, 1920, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.locator(".st-key-nav").bounding_box()["height"] <= 64


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_scrolls_sideways_on_a_phone(open_page, lang):
    page = open_page(f"no-such-page?lang={lang}", **PHONE)
    wide = "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
    assert page.evaluate(f"({wide})().every(e => e.scrollWidth <= e.clientWidth + 1)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{}, PHONE], ids=["desktop", "phone"])
def test_the_shell_is_accessible(open_page, scheme, size):
    page = open_page("no-such-page?lang=zh-Hant", scheme=scheme, **size)
    if size:
        press_at_rest(page.locator(".st-key-menu button").first)
        page.get_by_test_id("stPopoverBody").wait_for()
    found = Axe().run(page).response["violations"]
    assert not [(v["id"], [n["html"] for n in v["nodes"]]) for v in found]


def test_uvicorn_serves_the_same_app(browser, settled, tmp_path):
    command = [sys.executable, "-m", "uvicorn", "app:app", "--port={port}", "--host=127.0.0.1"]
    with served(command, ROOT, tmp_path / "log") as url:
        page = browser.new_page(color_scheme="dark")
        page.goto(f"{url}/learning-rate?lang=zh-Hant")  # a deep link is this server's first request
        settled(page)
        expect(page).to_have_title(title("page.learning_rate", "zh-Hant"))
        assert page.get_by_role("dialog").count() == 0
        assert background(page) == "rgb(18, 22, 28)"
        assert page.get_by_test_id("stMainMenu").count() == 0  # toolbarMode
        page.close()
