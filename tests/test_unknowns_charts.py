"""The charts of the Unknowns page: valid, small, drawn as the numbers say, in both languages."""

import json
import re
from collections import Counter

import pandas as pd
import pytest
import torch

from core.analysis.landscape import SHARES
from core.catalogue.optimizers import named
from core.charts.descents import tries_chart
from core.charts.formulas import KNOWN, TRIED, curve_chart, guess_chart
from core.charts.style import OPTIMIZERS, rate_styles
from core.text import LANGUAGES, Text
from pages.unknowns import clustering, clusters, formula_fit, logistic, two_classes
from pages.unknowns.clustering import Clustering
from pages.unknowns.clusters.chart import clusters_chart
from pages.unknowns.dragged import guess_row
from pages.unknowns.forms import loss_axes
from pages.unknowns.formula_fit import FORMULAS, FormulaFit
from pages.unknowns.formulas import ENDS, ground
from pages.unknowns.logistic.chart import COLOURS, SHADES, classes_chart
from pages.unknowns.search.chart import map_chart
from pages.unknowns.search.loss_maps import charts as search_charts
from pages.unknowns.two_classes import WEIGHTS, Logistic
from tests.drawn import as_svg, drawn

ALL = named()
ENGLISH = Text("en")
TRIES = pd.DataFrame(
    [(1, -1.0, 1.0, 4.8, 4.8), (2, 1.3, 1.0, 3.0, 3.0), (3, -2.0, 1.5, 9.0, 3.0)],
    columns=["number", "c1", "c2", "loss", "best"],
)
SQUARE = ((-4.0, 4.0), (-4.0, 4.0))


def players(text: Text) -> dict[str, dict]:
    """Every chart that the players can show, with all optimizers."""
    charts = {}
    for formula in FORMULAS:
        spec = FormulaFit(formula=formula, optimizers=ALL, fit=True)
        charts |= {f"{formula} {c.name}": c.spec for c in search_charts(spec, TRIES, text)}
    diverging = FormulaFit(optimizers=ALL, rate=10.0, fit=True)
    charts |= {f"diverging {c.name}": c.spec for c in search_charts(diverging, TRIES, text)}
    charts |= {f"logistic {c.name}": c.spec for c in drawn(logistic.SCENE, Logistic(optimizers=ALL), text=text).charts}
    charts |= {
        f"kmeans {c.name}": c.spec for c in drawn(clusters.SCENE, Clustering(k=6, optimizers=ALL), text=text).charts
    }
    far = Clustering(optimizers=("SGD",), rate=10.0)
    return charts | {f"kmeans far {c.name}": c.spec for c in drawn(clusters.SCENE, far, text=text).charts}


def stills(text: Text) -> dict[str, dict]:
    charts = {"tries": tries_chart(TRIES, "log", (0.03, 20.0), text)}
    for name, formula in FORMULAS.items():
        where = ground(FormulaFit(formula=name))
        x, y = (-formula.reach, formula.reach), (-formula.height, formula.height)
        curve = formula_fit.curve_frame(formula, 1.0, 0.5)
        guess = {"c1": 3.0, "c2": 3.0, "words": ""}
        charts[f"{name} map"] = map_chart(where.regions, TRIES, guess, formula.symbols, ENDS, text)
        charts[f"{name} curve"] = curve_chart(curve, formula_fit.values_frame(formula, 1.0, 0.5), x, y)
        charts[f"{name} guess"] = guess_chart(formula_fit.points_frame(where.sample, 1.0, 0.5), curve, x, y)
    return {name: chart.to_dict() for name, chart in charts.items()}  # validates against the schema


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_is_small_and_draws_in_one_language(language):
    for name, spec in (players(Text(language)) | stills(Text(language))).items():
        assert len(json.dumps(spec, allow_nan=False, ensure_ascii=False).encode()) < 90_000, name
        for step in (0, 7):
            svg = as_svg(spec, step=step)
            assert "NaN" not in svg, name
            words = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
            if language == "zh-Hant":
                assert set(re.findall(r"[A-Za-z]{2,}", words)) <= {*OPTIMIZERS, "MSE", "Lloyd"}, name
            else:
                assert not re.search(r"[\u4e00-\u9fff]", words), name


def test_charts_for_streamlit_have_one_data_set_or_many():
    """Of exactly one named set beside its own, Streamlit would take the named one for its own."""
    for name, spec in stills(ENGLISH).items():
        assert len(spec.get("datasets", {})) != 1, name


def places(svg: str, fill: str) -> list[tuple[float, float]]:
    """Where symbols of a fill stand, in pixels."""
    found = re.findall(rf'<path[^>]*transform="translate\(([\d.-]+),([\d.-]+)\)"[^>]*fill="{fill}"', svg)
    return [(float(x), float(y)) for x, y in found]


def test_the_map_shows_every_region_every_try_and_a_ring_around_the_guess():
    where = ground(FormulaFit())
    guess = guess_row(FormulaFit(t1=-2.0, t2=1.5), ENGLISH)
    svg = as_svg(map_chart(where.regions, TRIES, guess, ("w", "b"), ENDS, ENGLISH).to_dict())
    assert len(re.findall(rf'<path[^>]*fill="{KNOWN}"', svg)) == len(where.regions) >= len(SHARES)
    x, y = (lambda c: 400 * (c + 3) / 6), (lambda c: 300 * (3 - c) / 6)
    expected = [(x(b), y(w)) for w, b in zip(TRIES["c1"], TRIES["c2"], strict=True)]
    assert places(svg, TRIED) == [pytest.approx(at) for at in expected]
    ring = re.findall(rf'transform="translate\(([\d.-]+),([\d.-]+)\)"[^>]*stroke="{TRIED}"', svg)
    assert [tuple(map(float, at)) for at in ring] == [pytest.approx((x(1.5), y(-2.0)))]


def test_paths_on_the_map_go_as_far_as_the_step():
    spec = FormulaFit(optimizers=("SGD",), rate=0.1, fit=True)
    chart = next(c.spec for c in search_charts(spec, TRIES, ENGLISH) if c.name == "map")
    path = formula_fit.walk(spec, ground(spec).sample).path[:, :, 0]
    colour = OPTIMIZERS["SGD"].colour
    for step in (0, 5, 60):
        svg = as_svg(chart, step=step)
        ((x, y),) = places(svg, colour)
        c1, c2 = path[step].tolist()
        assert (x, y) == pytest.approx((400 * (c2 + 3) / 6, 300 * (3 - c1) / 6), abs=0.05)
        line = re.search(rf'd="([^"]*)" stroke="{colour}"', svg)
        assert line[1].count("L") == step


def test_residual_lines_reach_from_the_points_to_the_curve():
    sample = ground(FormulaFit(points=6)).sample
    points = formula_fit.points_frame(sample, 0.5, 0.25)
    curve = formula_fit.curve_frame(sample.formula, 0.5, 0.25)
    svg = as_svg(guess_chart(points, curve, (-1.0, 1.0), (-4.0, 4.0)).to_dict())
    residuals = re.findall(
        rf'<line[^>]*transform="translate\(([\d.]+),([\d.]+)\)"[^>]*y2="([\d.-]+)"[^>]*stroke="{TRIED}"', svg
    )
    expected = [
        (200 * (p["x"] + 1), 300 * (4 - p["y"]) / 8, 300 * (p["y"] - p["at"]) / 8) for p in points.to_dict("records")
    ]
    assert sorted(tuple(map(float, s)) for s in residuals) == [pytest.approx(e, abs=0.02) for e in sorted(expected)]


def corners(svg: str, look: str) -> list[list[tuple[float, float]]]:
    """The corners of every path with this look, in pixels."""
    found = re.findall(rf'd="([^"]*)"[^>]*{look}', svg)
    return [[(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", d)] for d in found]


def test_shades_end_where_the_class_has_just_their_probability():
    spec = Logistic(optimizers=("SGD",))
    classes = two_classes.draw(spec)
    trained = two_classes.train(spec, classes)
    weights = pd.DataFrame(trained.path[:, :, 0].numpy(), columns=list(WEIGHTS)).reset_index(names="step")
    chart = classes_chart(two_classes.points_frame(classes), weights, "SGD", SQUARE, step=0).to_dict()

    def probability(step: int, corner: tuple[float, float]) -> float:
        at = torch.tensor([corner[0] / 50 - 4, 4 - corner[1] / 37.5], dtype=torch.float64)
        w = trained.path[step, :, 0]
        return float(torch.sigmoid(at @ w[:2] + w[2]))

    for step in (0, 40, 120):
        svg = as_svg(chart, step=step)
        (boundary,) = corners(svg, f'stroke="{OPTIMIZERS["SGD"].colour}"')
        assert [probability(step, c) for c in boundary] == pytest.approx([0.5] * 2, abs=1e-3)
        for kind in (0, 1):
            sides = corners(svg, f'fill="{COLOURS[kind]}" fill-opacity="0.1"')
            for shade, side in zip(SHADES, sides, strict=True):
                own = [p if kind else 1 - p for p in (probability(step, c) for c in side)]
                assert own == pytest.approx([shade, shade, 1, 1], abs=1e-3)


def test_points_have_the_colour_of_their_nearest_centre_at_the_step():
    spec = Clustering(k=5, points=60, optimizers=("SGD",))
    cloud = clustering.draw(spec)
    path = clustering.train(spec, cloud).path[:, :, 0]
    points, centres = clustering.points_frame(cloud, path), clustering.centres_frame(path)
    domains = ((-6.0, 6.0), (-6.0, 6.0))
    chart = clusters_chart(points, centres, "SGD", "SGD", domains, step=0).to_dict()
    colours = [s.colour for s in rate_styles(5)]
    for step in (0, 3, 60, 999):
        svg, at = as_svg(chart, step=step), min(step, 60)
        nearest = Counter(cloud.assigned(path[at].unsqueeze(1))[:, 0].tolist())
        for i, colour in enumerate(colours):
            assert len(places(svg, colour)) == nearest[i] + 1  # and the centre itself
        x, y = path[at, :2].tolist()
        assert places(svg, colours[0])[-1] == pytest.approx((400 * (x + 6) / 12, 300 * (6 - y) / 12), abs=0.05)


@pytest.mark.parametrize("noise", [0.05, 0.2])
def test_no_line_leaves_the_plot_at_the_bottom(noise):
    spec = FormulaFit(optimizers=("SGD", "Momentum", "Adam"), noise=noise, t1=1.25, t2=-0.6, steps=60, fit=True)
    chart = next(c.spec for c in search_charts(spec, TRIES, ENGLISH) if c.name == "loss")
    words = re.findall(r"<text[^>]*>([^<]*)</text>", as_svg(chart))
    assert set(spec.optimizers) <= set(words)  # no "SGD ↓"


def test_axes_hold_every_finite_loss():
    axes = loss_axes([0.5, 3.0, float("inf"), 0.0, float("nan")], 10, "log", 200)
    assert axes.domain[0] < 0.5 < 3.0 < axes.domain[1]
    assert loss_axes([1e-300, 2.0], 10, "log", 200).domain[0] == pytest.approx(2.2e-8)
    assert loss_axes([0.0], 10, "linear", 200).domain[0] == 0
