"""The page Small steps: old links open the scene they are about, and the ends of all ranges are drawn."""

from urllib.parse import parse_qs

import pytest

from core.engine.asking import AtOnce
from core.link.address import meant, read
from core.text import Text
from core.ui.sections import SECTIONS
from pages.small_steps.spec import FORM, SmallSteps
from tests.test_pages import open_page, said

PAGE = "small_steps"
SCENES = {s.key: s for section in SECTIONS if section.key == PAGE for s in section.scenes}
SHARED = SmallSteps(
    data="sine",
    noise=0.2,
    width=10,
    activation="tanh",
    sign="add",
    sign_rate=0.02,
    walk_rate=0.03,
    batch_rate=0.3,
    line_noise=0.05,
    few_points=16,
    few_noise=0.0,
    few_width=7,
    draw=5,
    optimizer="Adam",
    rate=0.003,
    seeds=20,
)
EXTREMES = {
    "least": SmallSteps(noise=0.0, line_noise=0.0, few_noise=0.0, few_points=8, few_width=1, width=1, seeds=1),
    "steepest": SmallSteps(sign_rate=100.0, walk_rate=100.0, batch_rate=100.0, rate=100.0, sign="add", seeds=2),
    "noisiest": SmallSteps(noise=2.0, few_noise=2.0, line_noise=2.0, width=2, activation="identity", seeds=3),
    "slowest": SmallSteps(sign_rate=1e-300, walk_rate=1e-300, batch_rate=1e-300, rate=1e-300, seeds=2),
}


def query_of(spec: SmallSteps) -> dict[str, list[str]]:
    return parse_qs(FORM.encode((spec,), "en"), keep_blank_values=True)


@pytest.mark.parametrize("key", SCENES)
def test_a_link_of_the_first_version_is_what_each_scene_shows(key):
    place = SCENES[key].place
    found = read(query_of(SHARED), place)
    assert not found.problems
    flat, shared = SCENES[key].form.flatten(found.specs), FORM.flatten((SHARED,))
    assert flat == {name: shared[name] for name in flat}


@pytest.mark.parametrize(
    ("name", "value", "scene"),
    [
        ("sign", "add", "sign"),
        ("data", "sine", "sign"),
        ("walk.lr", "0.3", "giant"),
        ("rates", "best", "batches"),
        ("line.noise", "0", "perfect"),
        ("few.n", "50", "memorise"),
        ("rounds.seeds", "10", "rounds"),
    ],
)
def test_a_link_of_the_first_version_opens_the_scene_it_is_about(name, value, scene):
    places = [s.place for s in SCENES.values()]
    assert meant({"v": ["1"], name: [value]}, places).scene == scene
    assert meant({name: [value]}, places).scene == scene


@pytest.mark.parametrize("extreme", EXTREMES)
@pytest.mark.parametrize("key", SCENES)
def test_the_ends_of_the_ranges_are_drawn(key, extreme):
    scene, spec = SCENES[key], EXTREMES[extreme]
    figure = scene.figure(scene.compute((spec,), AtOnce()), (spec,), Text("en"))
    assert figure.charts
    assert figure.sentences


def test_each_batch_size_at_its_own_best_rate():
    app = open_page(PAGE, {"v": "2", "scene": "batches", "rates": "best"})
    assert not app.exception
    assert said(app).count("(rate ") == 4
    assert any("over seeds 1000 to 1007" in c.value for c in app.caption)
