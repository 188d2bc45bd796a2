"""Charts: colours, labels, numbers, and every chart valid, drawn, small, and saying what it should."""

import itertools
import json
import math
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from core.charts.axes import Axes, powers_of_ten
from core.charts.fits import Dots, fit_chart, true_curve
from core.charts.labels import spread
from core.charts.layers import make
from core.charts.race import race_chart
from core.charts.rows import ENDLESS, csv_rows
from core.charts.style import KINDS, NEUTRAL, ON_SHADING, OPTIMIZERS, SIGNS, SPARE, rate_styles
from core.charts.surfaces import surface_chart
from core.text import LANGUAGES, Text, entries
from core.text.numbers import percent, percent_exactly, sig
from pages.learning_rate.panels.chart import panel_chart
from pages.learning_rate.range.chart import sweep_chart

ROOT = Path(__file__).parents[1]
FOUR = ["SGD", "Momentum", "RMSprop", "Adam"]
STEPS = 384
TEXTS = [Text(language) for language in LANGUAGES]


# Colours


def backgrounds() -> list[str]:
    path = ROOT / ".streamlit" / "config.toml"
    theme = tomllib.loads(path.read_text(encoding="utf-8")).get("theme", {}) if path.exists() else {}
    wanted = (("light", "#FFFFFF"), ("dark", "#12161C"))
    return [theme.get(kind, {}).get("backgroundColor", usual) for kind, usual in wanted]


def linear(colour: str) -> np.ndarray:
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(a: str, b: str) -> float:
    one, two = (float(linear(c) @ (0.2126, 0.7152, 0.0722)) for c in (a, b))
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)


# Machado, Oliveira and Fernandes 2009, full severity; OKLab after Ottosson 2020
VISIONS = {
    "normal": np.eye(3),
    "protan": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
    "deutan": [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
    "tritan": [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]],
}
LMS = np.array([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]])
LAB = np.array([[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]])


def seen(colour: str, vision: str) -> np.ndarray:
    return LAB @ np.cbrt(LMS @ np.clip(np.array(VISIONS[vision]) @ linear(colour), 0, 1))


def apart(a: str, b: str) -> float:
    """The smallest OKLab distance over the four visions."""
    return min(float(np.linalg.norm(seen(a, v) - seen(b, v))) for v in VISIONS)


def hue(colour: str) -> float:
    """Degrees from -180 to 180; blue is about -95, red 30, amber 65."""
    _, a, b = seen(colour, "normal")
    return math.degrees(math.atan2(b, a))


@pytest.mark.parametrize("background", backgrounds())
def test_every_colour_has_three_to_one_on_the_background(background):
    ramp = [s.colour for n in range(1, 20) for s in rate_styles(n)]
    data = [s.colour for s in (*OPTIMIZERS.values(), *SPARE)] + ramp + [NEUTRAL, *KINDS.values(), *SIGNS]
    assert min((contrast(c, background), c) for c in data) >= (3.0, "")


def test_glyphs_and_numbers_show_on_every_shading():
    shades = [s.colour for s in OPTIMIZERS.values()] + [*KINDS.values()]
    assert min(contrast(ON_SHADING, shade) for shade in shades) >= 3


def test_optimizers_differ_in_dash_and_in_colour_for_every_vision():
    assert list(OPTIMIZERS) == ["SGD", "Momentum", "Nesterov", "Adagrad", "RMSprop", "Adam", "AdamW", "Custom"]
    assert len({s.dash for s in OPTIMIZERS.values()}) == len(OPTIMIZERS)
    assert min(apart(a.colour, b.colour) for a, b in itertools.combinations(OPTIMIZERS.values(), 2)) > 0.068
    assert min(apart(a, b) for a, b in itertools.combinations(KINDS.values(), 2)) > 0.1
    assert apart(*SIGNS) > 0.1


@pytest.mark.parametrize("count", range(1, 20))
def test_rate_styles_run_from_blue_to_amber(count):
    styles = rate_styles(count)
    assert len(styles) == count
    for low, high in itertools.pairwise(styles):
        assert low.dash != high.dash
        assert hue(low.colour) < hue(high.colour)
        assert count > 11 or apart(low.colour, high.colour) > 0.02


# Labels and numbers

finite = st.floats(-1e6, 1e6)


@given(st.lists(finite, max_size=12), finite, st.floats(1e-3, 1e6), st.floats(0, 1e5))
def test_spread_keeps_order_room_and_bounds(values, low, span, gap):
    high = low + span
    placed = spread(values, low, high, gap)
    assert len(placed) == len(values)
    assert all(low <= p <= high for p in placed)
    room = min(gap, (high - low) / max(len(values) - 1, 1))
    order = sorted(range(len(values)), key=lambda i: values[i])
    for a, b in itertools.pairwise(order):
        assert placed[b] - placed[a] >= room - 1e-6 * max(1, span, abs(low))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6, unique=True))
def test_spread_leaves_alone_what_is_apart(values):
    gaps = [b - a for a, b in itertools.pairwise(sorted(values))]
    placed = spread(values, 0, 1, min(gaps, default=1) / 2)
    assert placed == pytest.approx(values, abs=1e-9)


@given(st.lists(st.floats(1e-5, 1e3), max_size=8))
def test_spread_counts_decades_on_a_log_axis(values):
    placed = spread(values, 1e-4, 1e2, 0.5, log=True)
    assert all(1e-4 <= p <= 1e2 for p in placed)
    ordered = sorted(placed)
    assert all(math.log10(b / a) >= 0.5 - 1e-9 for a, b in itertools.pairwise(ordered))


def test_spread_moves_as_little_as_possible_and_knows_the_edges():
    assert spread([0.5, 0.5], 0, 1, 0.2) == pytest.approx([0.4, 0.6])
    assert spread([0, 0], 0, 1, 0.2) == pytest.approx([0, 0.2])
    assert spread([math.inf, -math.inf, 0.5], 0, 1, 0.1) == [1, 0, 0.5]
    with pytest.raises(ValueError, match="NaN"):
        spread([math.nan], 0, 1, 0.1)


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0%"), (1 / 400, "<1%"), (0.005, "<1%"), (0.41, "41%"), (0.996, ">99%"), (1.0, "100%"), (math.nan, "–")],
)
def test_a_share_is_no_false_nought_or_hundred(share, said):
    assert percent(share) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.01234, "0.0123"),
        (0.02, "0.02"),
        (0.9999, "1"),
        (1e-4, "0.0001"),
        (1.2e-5, "1.2×10⁻⁵"),
        (-1.2e-5, "−1.2×10⁻⁵"),
        (320, "320"),
        (12345.6, "12346"),
        (99999.9, "1×10⁵"),
        (3.2e30, "3.2×10³⁰"),
        (0, "0"),
        (-0.0, "0"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "–"),
        (None, "–"),
    ],
)
def test_sig(value, said):
    assert sig(value) == said


@given(st.floats(1e-300, 1e300), st.integers(1, 6))
def test_sig_is_near(value, digits):
    plain = sig(value, digits).translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    assert float(plain.replace("×10", "e")) == pytest.approx(value, rel=0.51 * 10 ** (1 - digits))


def test_powers_of_ten():
    assert powers_of_ten((0.005, 10)) == [0.01, 0.1, 1, 10]
    assert powers_of_ten((1e-4, 1e-4)) == [1e-4]


def test_rows_hold_five_digits_and_nothing_for_no_number():
    frame = pd.DataFrame({"a": [1.2345678, math.nan, math.inf, None], "b": ["x", 'say "1, 2"', "", "z"]})
    data = csv_rows(frame, ["a"], ["b"]).to_dict()
    assert data["values"] == 'a,b\n1.2346,x\n,"say ""1, 2"""\n,\n,z\n'
    assert (data["name"], data["format"]["parse"]) == ("rows", {"a": "number", "b": "string"})


# Charts


def losses(end: float, speed: float, seed: int) -> np.ndarray:
    """A mini-batch loss as training has it: a fall from 0.4 to `end`, with noise; none at step 0."""
    steps = np.arange(STEPS + 1)
    noise = np.exp(0.2 * np.random.default_rng(seed).normal(size=STEPS + 1))
    loss = (end + (0.4 - end) * np.exp(-steps / speed)) * noise
    loss[0] = np.nan
    return loss


RUNS = {"SGD": (0.052, 60), "Momentum": (0.013, 50), "RMSprop": (0.012, 12), "Adam": (0.011, 20)}


def race_frame(*, band: bool = False, diverged: str | None = None) -> pd.DataFrame:
    frame = pd.DataFrame({"step": np.arange(STEPS + 1)})
    for i, (name, (end, speed)) in enumerate(RUNS.items()):
        raw = losses(end, speed, i)
        if name == diverged:
            raw[1:9] = 0.4 * 1e4 ** np.arange(8)
            raw[9:] = np.inf
        smooth = pd.Series(raw).ewm(alpha=0.1).mean().where(np.isfinite(raw)).to_numpy()
        frame[f"raw_{name}"], frame[f"smooth_{name}"], frame[f"full_{name}"] = raw, smooth, smooth
        if band:
            frame[f"low_{name}"], frame[f"high_{name}"] = smooth * 0.8, smooth * 1.3
    return frame


def axes(**changes) -> Axes:
    return Axes(**({"loss_name": "MSE", "steps": STEPS, "step": STEPS, "target": 0.02} | changes))


LOG = {"scale": "log", "domain": (0.005, 1.0)}
EVENTS = pd.DataFrame(
    [
        {"name": "SGD", "step": 8, "kind": "diverged", "label": "SGD fails"},
        {"name": "Adam", "step": STEPS, "kind": "collapsed", "label": "Adam is flat"},
    ]
)
POINTS = pd.DataFrame({"x": np.linspace(-1, 1, 300), "y": np.linspace(-1, 1, 300) ** 2})


def curve_frames(heights=(0.0, 1.0)) -> pd.DataFrame:
    """One snapshot per height, each for 10 steps: a level line there."""
    rows = [{"begin": 10 * i, "end": 10 * i + 10, "y": [h] * 41} for i, h in enumerate(heights)]
    return pd.DataFrame(rows)


def surface_frames(side: int = 16, count: int = 55) -> pd.DataFrame:
    grid = np.linspace(-1, 1, side)
    z = np.outer(grid, grid).ravel()
    rows = [{"begin": 7 * i, "end": 7 * i + 7, "z": z * i / count + 0.123456} for i in range(count)]
    return pd.DataFrame(rows)


def sweep_frame() -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = []
    for i, name in enumerate(FOUR):
        for rate in (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0, 3.0, 10.0):
            loss = 0.011 * (1 + abs(math.log10(rate) + 1.5 + i / 3)) ** 2
            gone = rate >= 3 and i < 2
            useless, below = 0.5 * (loss > 0.08 and not gone), float(loss < 0.02)
            ends = dict.fromkeys(("median", "low", "high"), math.inf)
            ends = ends if gone else {"median": loss, "low": loss * 0.8, "high": loss * 1.4}
            shares = {"diverged": float(gone), "constant": useless, "below": below}
            rows.append({"name": name, "rate": rate, "above": 1 - sum(shares.values())} | ends | shares)
    frame = pd.DataFrame(rows)
    best = frame.loc[frame.groupby("name")["median"].idxmin(), ["name", "rate", "median"]]
    return frame, best.rename(columns={"median": "loss"})


def sweep(text: Text, **changes) -> alt.LayerChart:
    frame, best = sweep_frame()
    more = {"loss_name": "MSE", "domain": (0.008, 2.0), "best": best, "target": 0.02} | changes
    return sweep_chart(frame, FOUR, text, **more)


def panel(text: Text, **changes) -> alt.LayerChart:
    rates = (1e-4, 1e-3, 1e-2, 0.1, 10.0)
    frame = pd.DataFrame({"step": np.arange(STEPS + 1)})
    for i in range(len(rates)):
        frame[f"c{i}"] = losses(0.01 + 0.02 * i, 20, i)
    frame.loc[frame["step"] > 7, "c4"] = np.nan
    columns, styles = [f"c{i}" for i in range(5)], rate_styles(5)
    events = pd.DataFrame([{"column": "c4", "step": 7, "kind": "diverged"}])
    more = {"events": events, "told": [{"rate": rate} for rate in rates]} | changes
    return panel_chart(frame, columns, [sig(r) for r in rates], styles, text, axes(height=240), **more)


def fit(text: Text, heights=(0.0, 1.0), **changes) -> alt.LayerChart:
    more = {"x_domain": (-1.0, 1.0), "y_domain": (-0.3, 1.3), "step": 0} | changes
    return fit_chart([Dots(POINTS)], curve_frames(heights), "Adam", OPTIMIZERS["Adam"], text, **more)


def surface(text: Text, **changes) -> alt.LayerChart:
    more = {"z_domain": (-1.0, 1.0), "step": 0} | changes
    return surface_chart(surface_frames(), "Adam", text, **more)


CHARTS = {
    "race": lambda t: race_chart(race_frame(), FOUR, t, axes()),
    "race, log, full": lambda t: race_chart(race_frame(), FOUR, t, axes(**LOG), full=True),
    "race, band": lambda t: race_chart(race_frame(band=True), FOUR, t, axes(**LOG)),
    "race, reached by nobody": lambda t: race_chart(race_frame(), FOUR, t, axes(), reached={}),
    "race, failures": lambda t: race_chart(race_frame(diverged="SGD"), FOUR, t, axes(), events=EVENTS),
    "panel": panel,
    "panel, plain": lambda t: panel(t, y_title=False, events=None),
    "fit": fit,
    "fit, truth": lambda t: fit(t, truth=true_curve(POINTS[::10]), step=15),
    "surface": surface,
    "surface, more": lambda t: surface(t, legend=True, points=POINTS.set_axis(["x1", "x2"], axis="columns")),
    "sweep": sweep,
    "sweep, no best": lambda t: sweep(t, best=pd.DataFrame(columns=["name", "rate", "loss"]), target=5.0),
}
MOVING = [name for name in CHARTS if not name.startswith("sweep")]


def draw(chart: alt.LayerChart, *, width: int = 700, step: int | None = None) -> str:
    """The chart as SVG, as a container of this width shows it."""
    spec = chart.to_dict()
    spec["width"] = width
    for param in spec.get("params", []):
        if param["name"] == "step" and step is not None:
            param["value"] = step
    return vl_convert.vegalite_to_svg(spec, vl_version="6.4")


def words(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize("text", TEXTS, ids=LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_chart_is_valid_draws_and_is_small(name, text):
    chart = CHARTS[name](text)
    spec = chart.to_dict()  # validates against the Vega-Lite schema
    size = len(json.dumps(spec, allow_nan=False, ensure_ascii=False).encode())
    assert size < 90_000
    assert (spec["width"], spec["data"]["name"]) == ("container", "rows")
    assert spec["autosize"] == {"type": "fit-x", "contains": "padding"}
    assert CHARTS[name](text).to_dict() == spec  # the same chart is the same JSON
    for width in (700, 350):
        drawn = draw(chart, width=width)
        assert "NaN" not in drawn
        assert int(re.search(r'<svg[^>]* width="(\d+)', drawn)[1]) == width


@pytest.mark.parametrize("name", MOVING)
def test_moving_charts_open_at_the_step_of_their_one_parameter(name):
    params = [p for p in CHARTS[name](TEXTS[0]).to_dict()["params"] if p["name"] == "step"]
    assert len(params) == 1
    assert isinstance(params[0]["value"], int)


@pytest.mark.parametrize("name", CHARTS)
def test_chinese_charts_have_no_english_words(name):
    known = set(OPTIMIZERS) | {"MSE", "fails", "is", "flat"}
    said = " ".join(words(draw(CHARTS[name](Text("zh-Hant")))))
    assert set(re.findall(r"[A-Za-z]{2,}", said)) <= known


def test_both_languages_have_the_same_texts_with_the_same_places():
    both = [{k: v for k, v in entries(n).items() if k.startswith("chart.")} for n in LANGUAGES]
    assert both[0].keys() == both[1].keys()
    for key, text in both[0].items():
        assert re.findall(r"{\w+}", text) == re.findall(r"{\w+}", both[1][key]), key


def test_nothing_is_coloured_for_one_theme():
    allowed = {s.colour for s in OPTIMIZERS.values()} | {s.colour for s in rate_styles(5)}
    allowed |= {NEUTRAL, *KINDS.values(), *SIGNS, ON_SHADING}
    for name, chart in CHARTS.items():
        spec = chart(TEXTS[0]).to_dict()
        del spec["data"]
        used = set(re.findall(r'"(#[0-9A-Fa-f]{6})"', json.dumps(spec)))
        assert used <= allowed, name


# The race


def test_race_names_every_line_and_the_target_at_their_right():
    said = words(draw(CHARTS["race"](TEXTS[0])))
    assert {*FOUR, "target 0.02", "Mini-batch loss (MSE)", "Step"} <= set(said)


def test_race_labels_do_not_touch():
    svg = draw(CHARTS["race"](TEXTS[0]))
    named = re.findall(r'translate\([\d.]+,(-?[\d.]+)\)"[^>]*>(SGD|Momentum|RMSprop|Adam|target 0.02)<', svg)
    heights = sorted(float(y) for y, _ in named)
    assert len(heights) == 5
    assert min(b - a for a, b in itertools.pairwise(heights)) >= 14.9


def test_race_tells_failures_where_they_happen_and_names_a_diverged_line_once():
    said = words(draw(CHARTS["race, failures"](TEXTS[0])))
    assert {"SGD fails", "Adam is flat", "Adam"} <= set(said)
    assert "SGD" not in said
    assert "SGD ×" in words(draw(race_chart(race_frame(diverged="SGD"), FOUR, TEXTS[0], axes())))


def test_race_points_out_lines_beyond_the_domain():
    low = words(draw(race_chart(race_frame(), FOUR, TEXTS[0], axes(domain=(0.0, 0.03)))))
    high = words(draw(race_chart(race_frame(), FOUR, TEXTS[0], axes(scale="log", domain=(0.03, 1.0)))))
    assert "SGD ↑" in low
    assert {"SGD", "Adam ↓"} <= set(high)
    assert "target 0.02" not in high


def test_race_is_the_same_picture_with_other_rows_whoever_reaches_the_target():
    specs = [race_chart(race_frame(), FOUR, TEXTS[0], axes(), reached=r).to_dict() for r in ({}, {"Adam": 40.0})]
    rows = [spec.pop("datasets") for spec in specs]
    assert specs[0] == specs[1]
    assert [len(one["reached"]) for one in rows] == [0, 1]


def test_race_shows_a_point_on_every_line_at_the_cursor_only():
    chart = CHARTS["race"](TEXTS[0])
    filled = re.compile(r'aria-roledescription="point"[^>]*fill="(#[0-9A-F]{6})"')
    assert not filled.findall(draw(chart, step=0))  # no mini-batch loss yet
    shown = set(filled.findall(draw(chart, step=200)))
    assert shown == {OPTIMIZERS[n].colour for n in FOUR}


def test_race_hover_tells_all_lines_of_one_step():
    spec = CHARTS["race"](TEXTS[0]).to_dict()
    (steps,) = [layer for layer in spec["layer"] if layer.get("name") == "steps"]
    assert steps == spec["layer"][-1]  # above all else, so that nothing hides it from the pointer
    assert [t["title"] for t in steps["encoding"]["tooltip"]] == ["Step", *FOUR]
    (hover,) = [p for p in spec["params"] if p["name"] == "hover"]
    assert hover["views"] == ["steps"]


def test_log_ticks_are_powers_of_ten():
    said = words(draw(CHARTS["race, log, full"](TEXTS[0])))
    assert {"0.01", "0.1", "1"} <= set(said)
    assert not {"0.02", "0.05", "0.5"} & set(said)


def test_full_loss_is_drawn_and_sent_only_when_asked():
    assert "full_SGD" not in CHARTS["race"](TEXTS[0]).to_dict()["data"]["values"]
    assert "full_SGD" in CHARTS["race, log, full"](TEXTS[0]).to_dict()["data"]["values"]


# Fits and surfaces


def height_of_curve(svg: str) -> float | None:
    style = OPTIMIZERS["Adam"].colour
    path = re.search(rf'd="M[\d.-]+,([\d.-]+)[^"]*" stroke="{style}"', svg)
    return float(path[1]) if path else None


def test_fit_shows_the_snapshot_that_stands_for_the_step():
    chart = fit(TEXTS[0])
    at = {step: height_of_curve(draw(chart, step=step)) for step in (0, 9, 10, 19)}
    assert at[0] == at[9] == pytest.approx(220 * 1.3 / 1.6, abs=0.2)
    assert at[10] == at[19] == pytest.approx(220 * 0.3 / 1.6, abs=0.2)


def test_fit_says_why_there_is_no_curve():
    chart = fit(TEXTS[0], heights=(math.nan, 1e30, 0.5))
    said = [words(draw(chart, step=step)) for step in (5, 15, 25)]
    assert ["× diverged" in w for w in said] == [True, False, False]
    assert ["out of view" in w for w in said] == [False, True, False]
    assert height_of_curve(draw(chart, step=5)) is None


def test_fit_rows_are_readable_as_csv():
    values = fit(TEXTS[0]).to_dict()["data"]["values"]
    assert values.startswith("begin,end,heights,note\n0,10,0.0 0.0")


def test_surface_draws_every_cell_once_in_its_place():
    svg = draw(surface(TEXTS[0]), step=STEPS)
    fills = re.findall(r'aria-roledescription="rect mark"[^>]*fill="([^"]+)"', svg)
    assert len(fills) == 256
    assert fills[0] == fills[-1] != fills[15]  # x₁·x₂ is the same in opposite corners only


# The sweep


def test_sweep_names_strips_best_rates_and_failures():
    said = words(draw(sweep(TEXTS[0])))
    _, best = sweep_frame()
    key = {"○ best rate", "× diverged", "■ ends below the target", "↑ ends above the target"}
    assert {*FOUR, *key, "– no better than a constant", "target 0.02"} <= set(said)
    assert {sig(r) for r in best["rate"]} <= set(said)
    frame, _ = sweep_frame()
    for sign, kind in (("×", "diverged"), ("–", "constant"), ("↑", "above")):
        assert said.count(sign) == (frame[kind] >= 0.5).sum() > 0


def test_sweep_fills_cells_by_share():
    svg = draw(sweep(TEXTS[0]))
    frame, _ = sweep_frame()
    for kind, colour in KINDS.items():
        boxes = re.findall(rf'd="M[^v]*v([\d.]+)[^"]*" fill="{colour}"', svg)
        assert sorted(map(float, boxes)) == sorted(18 * v for v in frame[kind] if v)


def test_a_loss_without_end_leaves_the_picture():
    rows = sweep(TEXTS[0]).to_dict()["data"]["values"]
    assert {row["median"] for row in rows if row["diverged"]} == {ENDLESS}
    frame = race_frame()
    frame.loc[frame["step"] > 7, "smooth_SGD"] = math.inf
    chart = race_chart(frame, FOUR, TEXTS[0], axes())
    assert "Infinity" in chart.to_dict()["data"]["values"]
    assert "Infinity" not in draw(chart)


def test_a_setting_keeps_its_digits():
    assert [percent_exactly(v) for v in (0, 0.005, 0.07, 0.25, 1)] == ["0%", "0.5%", "7%", "25%", "100%"]


def test_sweep_tooltip_has_all_values():
    spec = sweep(TEXTS[0]).to_dict()
    tips = [layer["encoding"]["tooltip"] for layer in spec["layer"] if "tooltip" in layer["encoding"]]
    assert len(tips) == 2  # on the points and on the cells
    assert [t["title"] for t in tips[0]][:4] == [
        "Optimizer",
        "Learning rate",
        "Median loss",
        "Range over seeds",
    ]


def test_sweep_of_one_rate():
    frame, best = sweep_frame()
    one = frame[frame["rate"] == 0.1]
    chart = sweep_chart(one, FOUR, TEXTS[0], loss_name="MSE", domain=(0.008, 2.0), best=best, target=0.02)
    assert "NaN" not in draw(chart)


def test_charts_import_neither_torch_nor_streamlit():
    files = sorted((ROOT / "core" / "charts").glob("*.py"))
    names = ", ".join(f"core.charts.{f.stem}" for f in files if f.stem != "__init__")
    code = f"import sys, {names}; sys.exit(bool({{'torch', 'streamlit'}} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("expression", ["split(datum.x, ' ')", "datum['x'] + 1", 'datum["x"]'])
def test_a_field_is_never_made_from_itself(expression):
    with pytest.raises(ValueError, match="x is made from itself"):
        make(x=expression)
    assert make(y=expression)[0]["as"] == "y"
    assert make(x="datum.x_word + datum.max")[0]["as"] == "x"
