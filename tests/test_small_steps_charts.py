"""The charts of the page Small steps: valid, drawn, small, in one language, and saying what they should."""

import json
import math
import re

import pytest
import torch
import vl_convert

from core.analysis.gradient_noise import SIZES, GradientNoise, gradient_noise
from core.analysis.held_out import held_out
from core.charts.style import NEUTRAL, OPTIMIZERS, rate_styles
from core.engine.descent import walks
from core.engine.training import train
from core.text import LANGUAGES, Text
from pages.small_steps.batches import figure as batches
from pages.small_steps.frames import SHOWN
from pages.small_steps.giant import figure as giant
from pages.small_steps.line_fit import fit_lines
from pages.small_steps.memorise import figure as few
from pages.small_steps.noise import figure as noise
from pages.small_steps.perfect import figure as lines
from pages.small_steps.rounds import figure as rounds
from pages.small_steps.sign import compute as sign_compute
from pages.small_steps.sign import figure as sign
from pages.small_steps.spec import BATCHES, SmallSteps

SPEC = SmallSteps(width=4, few_width=5, seeds=20)
NAMES = {"ReLU", "SGD", "MSE"}


@pytest.fixture(scope="module")
def engine():
    trained = {size: train(SPEC.batched(size)) for size in BATCHES}
    small = train(SPEC.few)
    return {
        "walks": walks(SPEC.network, SPEC.walk_rate),
        "batches": trained,
        "noise": gradient_noise(trained[32]),
        "lines": fit_lines(SPEC.line_noise),
        "small": small,
        "held": held_out(small),
        "many": train(SPEC.many),
    }


@pytest.fixture(scope="module", params=LANGUAGES)
def charts(request, engine):
    """Every chart of the page as (specification, step at which it opens), by name."""
    text = Text(request.param)
    shown = {
        "sign": sign.build_signs(SPEC.network, sign_compute.both_signs(SPEC.network, SPEC.sign_rate), "subtract", text),
        "giant": giant.build_giant(SPEC.network, engine["walks"], text),
        "batches": batches.build_batches(engine["batches"], text),
        "noise": noise.build_noise(384, engine["noise"], text),
        "lines": lines.build_lines(engine["lines"], SPEC.line_noise, text),
        "few": few.build_few(engine["small"], engine["held"], 1, text),
    }
    found = {f"{name}-{c.name}": c.spec for name, one in shown.items() for c in one.charts}
    found["rounds"] = rounds.build_rounds(engine["many"], text).spec
    return request.param, found


def draw(spec: dict, *, width: int = 600, step: int | None = None) -> str:
    spec = json.loads(json.dumps(spec)) | {"width": width}
    for param in spec.get("params", []):
        if param["name"] == "step" and step is not None:
            param["value"] = step
    return vl_convert.vegalite_to_svg(spec, vl_version="6.4")


def words(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_every_chart_draws_at_both_widths_and_is_small(charts):
    _, specs = charts
    assert len(specs) == 20
    for name, spec in specs.items():
        assert len(json.dumps(spec, allow_nan=False, ensure_ascii=False).encode()) < 100_000, name
        for width in (600, 300):
            svg = draw(spec, width=width)
            assert "NaN" not in svg, name
            assert "undefined" not in svg, name


def test_moving_charts_move(charts):
    _, specs = charts
    for name, spec in specs.items():
        steps = [p for p in spec.get("params", []) if p["name"] == "step"]
        assert len(steps) == (name != "rounds"), name
        if steps:
            assert draw(spec, step=3) != draw(spec, step=steps[0]["value"]), name


def test_chinese_charts_have_no_english_words(charts):
    language, specs = charts
    said = " ".join(word for spec in specs.values() for word in words(draw(spec)))
    if language == "en":
        assert not re.search("[\u3000-\u9fff]", said)
    else:
        assert set(re.findall(r"[A-Za-z]{2,}", said)) <= NAMES


def test_nothing_is_coloured_for_one_theme(charts):
    allowed = {s.colour for s in OPTIMIZERS.values()} | {s.colour for n in (2, 4) for s in rate_styles(n)} | {NEUTRAL}
    for name, spec in charts[1].items():
        used = set(re.findall(r'"(#[0-9A-Fa-f]{6})"', json.dumps({k: v for k, v in spec.items() if k != "data"})))
        assert used <= allowed, name


def test_lines_are_named_and_what_fails_is_crossed(charts):
    language, specs = charts
    if language != "en":
        return
    assert {"subtract", "add ×"} <= set(words(draw(specs["sign-loss"])))
    assert {"10 steps ×", "100 steps", "384 steps"} <= set(words(draw(specs["giant-way"])))
    assert {"0", "1", "10", "100", "384"} <= set(words(draw(specs["giant-way"])))
    assert {"batch 1", "full batch", "target 0.02"} <= set(words(draw(specs["batches-step"])))
    assert {"1", "100", "10k", "Samples seen"} <= set(words(draw(specs["batches-samples"])))
    said = words(draw(specs["noise-batch-32"]))
    assert {"batch 32", "all points", "1×", "2×"} <= set(said)
    assert any(word.endswith("% uphill") for word in said)
    assert {"exact line", "parabola", "best line", "noise σ²"} <= set(words(draw(specs["lines-lines"])))
    assert {"points trained on", "new points", "noise σ²"} <= set(words(draw(specs["few-held-out"])))
    said = words(draw(specs["rounds"]))
    assert {"below 0.05", "below 0.01"} <= set(said)
    assert sum(word.endswith("%") for word in said) == 7


def dots(svg: str) -> int:
    return len(re.findall('aria-roledescription="circle"', svg)) or svg.count('aria-roledescription="point"')


@pytest.mark.parametrize("step", [0, 384])
def test_a_fan_has_sixty_arrows_at_their_angles_with_all_points_and_cut_at_twice_its_length(charts, engine, step):
    found: GradientNoise = engine["noise"]
    row = found.steps.index(step)
    for k, size in enumerate(SIZES):
        svg = draw(charts[1][f"noise-batch-{size}"], step=step, width=600)
        tips = re.findall(r'translate\(([-\d.e]+),([-\d.e]+)\)" d="[^"]*" fill="[^"]*"[^>]* opacity="0.9"', svg)
        assert len(tips) == SHOWN
        shaft = re.search(r'translate\(([\d.]+),([\d.]+)\)" x2="([-\d.]+)" y2="0"[^>]*stroke-width="5"', svg)
        tip, base, back = map(float, shaft.groups())  # of the gradient of all points
        x, y = (torch.tensor([float(tip[i]) for tip in tips], dtype=torch.float64) for i in (0, 1))
        turned = torch.rad2deg(torch.atan2(base - y, x - tip - back))
        far = torch.hypot(x - tip - back, base - y) / -back
        torch.testing.assert_close(turned, found.angle[row, k, :SHOWN], atol=0.5, rtol=0.01)
        torch.testing.assert_close(far, found.size[row, k, :SHOWN].clamp(max=2), atol=0.02, rtol=0.01)


def test_rounds_show_a_dot_for_every_training_that_got_there(charts, engine):
    first = rounds.first_steps(engine["many"], rounds.targets(SPEC.many))
    assert dots(draw(charts[1]["rounds"])) == (first["step"] < math.inf).sum()


def test_walkers_stand_at_their_samples(charts):
    svg = draw(charts[1]["batches-samples"], step=100)
    assert dots(svg) == len(BATCHES)
    assert dots(draw(charts[1]["batches-samples"], step=0)) == 0
