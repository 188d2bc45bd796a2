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
from core.charts.fits import fit_chart
from core.charts.labels import spread
from core.charts.numbers import sig
from core.charts.panels import panel_chart
from core.charts.race import race_chart
from core.charts.rows import csv_rows
from core.charts.style import COLLAPSED, DIVERGED, NEUTRAL, ON_SHADING, OPTIMIZERS, rate_styles
from core.charts.surfaces import surface_chart
from core.charts.sweep import sweep_chart
from core.text import LANGUAGES, Text, entries

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


@pytest.mark.parametrize("background", backgrounds())
def test_every_colour_has_three_to_one_on_the_background(background):
    ramp = [s.colour for n in range(1, 20) for s in rate_styles(n)]
    data = [s.colour for s in OPTIMIZERS.values()] + ramp + [NEUTRAL, COLLAPSED, DIVERGED]
    assert min((contrast(c, background), c) for c in data) >= (3.0, "")


def test_glyphs_and_numbers_show_on_every_shading():
    shades = [s.colour for s in OPTIMIZERS.values()] + [COLLAPSED, DIVERGED]
    assert min(contrast(ON_SHADING, shade) for shade in shades) >= 3


def test_optimizers_differ_in_dash_and_in_colour_for_every_vision():
    assert list(OPTIMIZERS) == ["SGD", "Momentum", "Nesterov", "Adagrad", "RMSprop", "Adam", "AdamW"]
    assert len({s.dash for s in OPTIMIZERS.values()}) == len(OPTIMIZERS)
    assert min(apart(a.colour, b.colour) for a, b in itertools.combinations(OPTIMIZERS.values(), 2)) > 0.075
    assert apart(COLLAPSED, DIVERGED) > 0.15


@pytest.mark.parametrize("count", range(1, 20))
def test_rate_styles_run_from_blue_to_amber(count):
    styles = rate_styles(count)
    assert len(styles) == count
    for low, high in itertools.pairwise(styles):
        assert low.dash != high.dash
        assert seen(low.colour, "normal")[2] < seen(high.colour, "normal")[2]  # ever less blue
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
    rates = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0, 3.0, 10.0)
    rows = []
    for i, name in enumerate(FOUR):
        for rate in rates:
            loss = 0.011 * (1 + abs(math.log10(rate) + 1.5 + i / 3)) ** 2
            gone = rate >= 3 and i < 2
            row = {"name": name, "rate": rate, "median": loss, "low": loss * 0.8, "high": loss * 1.4}
            row |= {"collapsed": 0.25 * (loss > 0.05), "diverged": 0.0}
            rows.append(row | ({"diverged": 1.0, "collapsed": 0.0} | dict.fromkeys(("median", "low", "high"))) * gone if False else row)
            if gone:
                rows[-1] = row | {"median": None, "low": None, "high": None, "diverged": 1.0, "collapsed": 0.0}
    frame = pd.DataFrame(rows)
    best = frame.loc[frame.groupby("name")["median"].idxmin(), ["name", "rate", "median"]]
    return frame, best.rename(columns={"median": "loss"})
