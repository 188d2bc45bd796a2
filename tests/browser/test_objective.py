"""Readers' journeys through the scenes of the page Objective, in a real browser."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from core.text import Text
from tests.browser.figures import drawn, press_at_rest, redrawn

#: Presses further apart than this are choices of their own (core/ui/history.js).
QUICK_MS = 2100

ENGLISH = Text("en")


def widget(page: Page, key: str):
    return page.locator(f".st-key-{key.replace('.', '-')}")


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True)


def test_a_reader_writes_a_loss_and_sends_it_to_somebody_else(open_page, console_errors):
    page = open_page("objective?v=2&scene=own")
    expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH("objective.own.question"))
    shared = drawn(page)
    box = widget(page, "own.expr").get_by_role("textbox")

    widget(page, "own.expr").get_by_test_id("stTooltipHoverTarget").hover()
    expect(page.get_by_test_id("stTooltipContent")).to_have_text(ENGLISH("control.own_help"))
    page.mouse.move(0, 0)

    box.fill("abs(r)^3")
    box.press("Enter")
    refused = ENGLISH("link.reason.expression.caret", place=7, allowed="")
    expect(page.get_by_test_id("stAlert").filter(has_text=refused)).to_have_count(1)
    assert drawn(page) == shared
    assert "own.expr" not in query(page)

    box.fill("abs(r)**3 / 3")
    box.press("Enter")
    own = redrawn(page, shared)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(page.get_by_test_id("stMain")).to_contain_text("loss = (torch.abs(r) ** 3 / 3).mean()")
    assert query(page)["own.expr"] == ["abs(r)**3 / 3"]

    press_at_rest(widget(page, "share").get_by_role("button"))
    code = page.get_by_role("dialog").get_by_test_id("stCode")
    expect(code).to_contain_text("own.expr=abs%28r%29%2A%2A3+%2F+3")
    link = urlsplit(code.inner_text().strip())
    other = open_page(f"{link.path[1:]}?{link.query}")
    assert drawn(other) == own
    assert not console_errors


def test_a_reader_looks_into_a_cell_at_the_step_where_the_player_rests(open_page, console_errors):
    page = open_page("objective?v=2&scene=gradients&epochs=4")
    player = page.locator(".player")
    expect(player.locator(".number")).to_have_text("128 / 128")
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("At step 128, W₁[1, 1] is")
    cells = player.locator("figure").nth(2).locator(".mark-text text")
    last = cells.all_text_contents()
    player.locator(".scrubber").press("Home")
    expect(player.locator(".number")).to_have_text("0 / 128")
    expect(main).to_contain_text("At step 0, W₁[1, 1] is")
    assert cells.all_text_contents() != last
    assert not console_errors


def test_a_press_on_an_edge_or_a_cell_looks_into_it(open_page, console_errors):
    page = open_page("objective?v=2&scene=gradients&epochs=4")
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("At step 128, W₁[1, 1] is")
    page.locator(".player .scrubber").press("Home")
    expect(main).to_contain_text("At step 0, W₁[1, 1] is")
    middle(page, ".mark-rule.layer_3_marks > *", 20)
    expect(main).to_contain_text("At step 0, W₂[1, 5] is")
    page.wait_for_url("**cell=w2.5**")
    page.mouse.move(0, 0)
    middle(page, ".mark-rule.layer_3_marks > *", 20, press=False)
    expect(page.locator(".player .tip")).to_contain_text("W₂[1, 5]: ")
    middle(page, ".mark-symbol.layer_5_marks > *", 2)  # its number lies over it
    expect(main).to_contain_text("At step 0, b₁[3] is")
    page.wait_for_timeout(QUICK_MS)
    cells = page.locator(".player figure").nth(1).locator(".mark-rect.layer_1_marks > *")
    cells.nth(3).click(force=True)
    expect(main).to_contain_text("At step 0, W₁[2, 2] is")
    page.go_back()
    expect(main).to_contain_text("b₁[3] is")
    assert not console_errors


def middle(page: Page, marks: str, place: int, *, press: bool = True) -> None:
    """Press the middle of a mark of the drawing, or only point at it."""
    box = page.locator(f".player figure >> nth=0 >> {marks}").nth(place).bounding_box()
    (page.mouse.click if press else page.mouse.move)(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
