"""The address is the truth: Back undoes one choice at a time, a drag is one, scenes and pages bring their own."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.text import Text
from tests.browser.figures import at_step, drawn, press_at_rest, redrawn

ENGLISH = Text("en")


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True)


def entries(page: Page) -> int:
    return page.evaluate("history.length")


def rate(page: Page) -> Locator:
    return page.locator(".st-key-lr-stepper").get_by_role("slider")


def press(page: Page, key: str, label: str) -> None:
    press_at_rest(page.locator(f".st-key-{key}").get_by_text(label, exact=True))


def question(page: Page, key: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH(f"{key}.question"))


def test_back_undoes_one_choice_at_a_time_down_to_the_defaults(open_page, settled: Callable):
    page = open_page("optimizers")
    usual = drawn(page)
    begun = entries(page)
    rate(page).press("ArrowRight")
    faster = redrawn(page, usual)
    press(page, "scale", ENGLISH("control.scale_log"))
    page.wait_for_url("**scale=log**")
    settled(page)
    assert entries(page) == begun + 2
    page.go_back()
    page.wait_for_url("**/optimizers?v=2&lr=0.03")
    settled(page)
    assert drawn(page) == faster
    page.go_back()
    page.wait_for_url("**/optimizers")
    settled(page)
    assert drawn(page) == usual
    expect(rate(page)).to_have_attribute("aria-valuetext", "0.01")
    page.go_forward()
    page.wait_for_url("**/optimizers?v=2&lr=0.03")
    settled(page)
    assert drawn(page) == faster


def test_quick_presses_and_a_drag_are_one_choice(open_page, settled: Callable):
    page = open_page("optimizers")
    usual = drawn(page)
    begun = entries(page)
    more = page.locator(".st-key-lr-stepper .more")
    for _ in range(3):
        more.click()
    redrawn(page, usual)
    page.wait_for_url("**lr=0.3")
    assert entries(page) == begun + 1
    box = page.locator(".st-key-lr-stepper .track").bounding_box()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in (0.6, 0.4, 0.2, 0.1):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
    page.mouse.up()
    page.wait_for_url("**lr=0.0003")
    settled(page)
    assert entries(page) <= begun + 2
    page.go_back()
    page.wait_for_function("() => !location.search.includes('0.0003')")
    settled(page)


def test_two_things_to_try_are_two_choices_however_quick(open_page, settled: Callable):
    page = open_page("")
    begun = entries(page)
    for name, target in (("lower", "0.011"), ("below", "0.005")):
        page.locator(f".st-key-try-{name} button").click()
        page.wait_for_url(f"**target={target}")
    assert entries(page) == begun + 2
    page.go_back()
    page.wait_for_url("**target=0.011")
    settled(page)


def test_what_the_server_mends_in_the_address_is_no_step_of_the_history(open_page, settled: Callable):
    page = open_page("optimizers")
    settled(page)
    begun = entries(page)
    page.goto(page.url + "?v=1&lr=0.3&nonsense=1")
    settled(page)
    assert query(page) == {"v": ["2"], "lr": ["0.3"]}
    assert entries(page) == begun + 1
    page.go_back()
    settled(page)
    assert page.url.endswith("/optimizers")


def test_scenes_are_entries_and_keys_lead_through_them(open_page, settled: Callable):
    page = open_page("optimizers")
    drawn(page)
    press(page, "scene-strip", ENGLISH("optimizers.rule.name"))
    question(page, "optimizers.rule")
    settled(page)
    assert page.url.endswith("/optimizers?scene=rule")
    page.keyboard.press("PageDown")
    question(page, "optimizers.practice")
    settled(page)
    page.keyboard.press("PageUp")
    question(page, "optimizers.rule")
    settled(page)
    page.go_back()
    question(page, "optimizers.practice")
    settled(page)
    page.go_back()
    settled(page)
    page.go_back()
    question(page, "optimizers.race")
    page.go_forward()
    question(page, "optimizers.rule")


def test_another_page_brings_its_own_state(open_page, settled: Callable):
    page = open_page("optimizers?v=2&lr=0.1")
    raced = drawn(page)
    press_at_rest(page.locator(".st-key-nav_pages").get_by_text(ENGLISH("shell.page.learning_rate.short"), exact=True))
    question(page, "learning_rate.panels")
    settled(page)
    assert "lr" not in query(page)
    press_at_rest(page.locator(".st-key-nav_pages").get_by_text(ENGLISH("shell.page.optimizers.short"), exact=True))
    question(page, "optimizers.race")
    settled(page)
    assert query(page)["lr"] == ["0.1"]
    assert drawn(page) == raced


def test_a_reload_and_a_choice_keep_the_step_the_reader_is_at(open_page, settled: Callable):
    page = open_page("optimizers")
    usual = drawn(page)
    begun = entries(page)
    page.locator(".player .scrubber").press("Home")
    page.locator(".player .scrubber").press("Shift+ArrowRight")
    at_step(page, 10, 384)
    page.wait_for_url("**step=10")
    assert entries(page) == begun
    page.reload()
    settled(page)
    drawn(page)
    at_step(page, 10, 384)
    rate(page).press("ArrowRight")
    redrawn(page, usual)
    page.wait_for_url("**lr=0.03**")
    settled(page)
    at_step(page, 10, 384)
    assert query(page)["step"] == ["10"]


def test_a_choice_after_a_link_keeps_the_step_the_reader_is_at_now(open_page, settled: Callable):
    page = open_page("optimizers?v=2&lr=0.1&step=300")
    drawn(page)
    for step, name in ((299, "Nesterov"), (298, "Adagrad")):
        press_at_rest(page.locator("button.previous"))
        page.wait_for_url(f"**step={step}")
        press_at_rest(page.locator(".st-key-opt").get_by_text(name, exact=True))
        page.wait_for_function(f"location.search.includes('{name}') && location.search.includes('step={step}')")
        settled(page)
        at_step(page, step, 384)
        assert f"step={step}" in page.url


def test_an_arrow_to_another_page_is_one_step_of_the_history_from_any_scene(open_page, settled: Callable):
    page = open_page("optimizers?scene=practice")
    begun = entries(page)
    press_at_rest(page.locator(".st-key-next_scene button"))
    question(page, "learning_rate.panels")
    settled(page)
    assert entries(page) == begun + 1
    page.go_back()
    question(page, "optimizers.practice")
    page.go_forward()
    question(page, "learning_rate.panels")
    settled(page)
    press_at_rest(page.locator(".st-key-previous_scene button"))
    question(page, "optimizers.practice")
    page.go_back()
    question(page, "learning_rate.panels")


def test_a_language_is_no_step_of_the_history(open_page, settled: Callable):
    page = open_page("optimizers")
    rate(page).press("ArrowRight")
    page.wait_for_url("**lr=0.03**")
    settled(page)
    begun = entries(page)
    press_at_rest(page.get_by_text("繁體中文", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(Text("zh-Hant")("optimizers.race.question"))
    settled(page)
    assert entries(page) == begun
    assert query(page) == {"v": ["2"], "lr": ["0.03"], "lang": ["zh-Hant"]}
    page.go_back()
    page.wait_for_url("**/optimizers?lang=zh-Hant")
    expect(page.get_by_role("heading", level=1)).to_have_text(Text("zh-Hant")("optimizers.race.question"))


def test_what_a_page_shows_is_sent_whole_however_often_the_browser_had_it(open_page, settled: Callable):
    """A browser told "you have this already", from a list it made before it forgot, shows a connection error."""
    sent: list[ForwardMsg] = []
    page = open_page("optimizers")
    note = lambda frame: sent.append(ForwardMsg.FromString(frame))  # noqa: E731
    page.on("websocket", lambda socket: socket.on("framereceived", note))
    page.reload()
    before = drawn(settled(page))
    rate(page).press("ArrowRight")
    redrawn(page, before)
    settled(page).go_back()
    page.wait_for_url("**/optimizers")
    assert drawn(settled(page)) == before
    heavy = [message for message in sent if message.ByteSize() > 10_000]
    assert not [message for message in sent if message.WhichOneof("type") == "ref_hash"]
    assert len(heavy) >= 3, "the figure came at the start, after the press and after Back"
