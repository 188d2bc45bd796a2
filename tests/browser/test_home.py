"""A first visitor's journey over the home page."""

import re

from playwright.sync_api import expect

from core.analysis.four_steps import stop_step
from core.engine.training import train
from core.text import Text
from pages.home.run.compute import training_of
from pages.home.run.spec import FOUR_STEPS
from tests.browser.figures import at_step, drawn, paths, press_at_rest, redrawn, words
from tests.browser.test_journeys import query, widget


def test_four_panels_of_one_run_follow_the_step_and_the_target(open_page, console_errors):
    text, history = Text("en"), train(training_of(FOUR_STEPS))
    steps, stop = FOUR_STEPS.steps, stop_step(history, 0, FOUR_STEPS.target)
    page = open_page("?lang=en", width=1280, height=760)
    first = drawn(page)
    boxes = page.locator("figure svg.marks").evaluate_all("all => all.map(e => e.getBoundingClientRect().toJSON())")
    assert len(boxes) == 4
    assert all(box["bottom"] <= 760 for box in boxes)  # seen without scrolling
    assert len({round(box["top"]) for box in boxes}) == 2
    at_step(page, stop, steps)
    sentence = page.get_by_text(text("home.stop", step=stop, target="0.02"))
    expect(sentence).to_be_visible()
    assert text("home.chart.stop", step=stop) in words(page)

    model, residuals = paths(page, "model"), page.locator("figure").nth(2).locator(".mark-rule.role-mark line")
    lengths = residuals.evaluate_all("all => all.map(e => e.getBBox().height)")
    page.locator(".player .scrubber").press("Home")
    at_step(page, 0, steps)
    assert paths(page, "model") != model
    untrained = residuals.evaluate_all("all => all.map(e => e.getBBox().height)")
    assert sum(untrained) > 2 * sum(lengths)
    assert f"MSE {float(history.full_loss[0, 0]):.3g}" in words(page)

    widget(page, "target.stepper").get_by_role("slider").press("ArrowRight")
    redrawn(page, first)
    page.wait_for_url(re.compile("target=0.015"))
    lower = stop_step(history, 0, 0.015)
    at_step(page, lower, steps)
    expect(page.get_by_text(text("home.stop", step=lower, target="0.015"))).to_be_visible()
    press_at_rest(page.get_by_text(text("scene.code"), exact=True))
    expect(page.get_by_test_id("stCode")).to_contain_text("target = 0.015")
    assert query(page)["target"] == ["0.015"]
    assert not console_errors
