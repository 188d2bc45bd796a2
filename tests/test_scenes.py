"""What holds for every scene, by itself and without a browser: defaults, everything to try, random valid specs."""

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings

from core.engine.asking import AtOnce
from core.link.address import read, write
from core.link.published import VERSION, published
from core.text import LANGUAGES, Text, entries
from core.ui.prose import parts
from core.ui.scene import Scene
from core.ui.sections import ROOT, SECTIONS, all_scenes
from tests.statements import checks_in
from tests.valid_links import queries

SCENES = all_scenes()
WORDS = ("name", "question", "lead", "say")
#: Makes a training short.
SHORT = {"n": ["60"], "epochs": ["2"], "seeds": ["1"], "rates": ["same"], "width": ["5"], "batch": ["32"]}
each = pytest.mark.parametrize("scene", SCENES, ids=lambda s: f"{s.page}.{s.key}")


def drawn(scene: Scene, specs: tuple) -> None:
    """Compute a scene and draw it in every language."""
    result = scene.compute(specs, AtOnce())
    if scene.notes is not None:
        result = (result, scene.notes(specs))
    for text in map(Text, LANGUAGES):
        figure = scene.figure(result, specs, text)
        assert len({chart.name for chart in figure.charts}) == len(figure.charts)
        assert all(chart.alt for chart in figure.charts)
        assert all(sentence.strip() for sentence in (*figure.sentences, *figure.notes))
        assert all(len(series.values) == figure.steps + 1 for series in figure.series)


@each
def test_a_scene_has_its_words(scene):
    names = [scene.word(word) for word in WORDS]
    names += [scene.word(f"try.{name}{end}") for name in scene.tries for end in ("", "_look")]
    for language in LANGUAGES:
        assert set(names) <= entries(language).keys()
        assert scene.key in parts(ROOT / "pages" / scene.page / f"{language}.md")


@each
def test_the_answer_of_a_scene_has_checks(scene):
    assert scene.claims
    assert set(scene.claims) <= set(checks_in(ROOT / "tests" / "claims"))


@each
def test_defaults_and_things_to_try_are_drawn(scene):
    usual = scene.form.flatten(scene.defaults)
    drawn(scene, scene.defaults)
    for changes in scene.tries.values():
        assert changes.keys() <= usual.keys()
        drawn(scene, scene.form.admit(usual | dict(changes)))


@each
def test_any_valid_specs_are_drawn_and_come_back_from_their_address(scene):
    place = scene.place
    short = {name: texts for name, texts in SHORT.items() if name in scene.form.names}

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(queries(scene.form, scene.defaults) if scene.form.names else queries_of_nothing())
    def check(query: dict[str, list[str]]) -> None:
        specs = read(query | short | {"v": [VERSION]}, place).specs
        again = read(write(place, specs, 3), place)
        assert (again.specs, again.step, again.problems) == (specs, 3, ())
        drawn(scene, specs)

    check()


def queries_of_nothing():
    from hypothesis import strategies as st

    return st.just({})


@each
def test_a_version_keeps_the_defaults_it_was_published_with(scene):
    now = scene.form.texts(scene.form.flatten(scene.defaults))
    assert published(VERSION, f"{scene.page}.{scene.key}") == now


@each
def test_only_an_address_without_values_has_no_version(scene):
    query = write(scene.place, scene.defaults, None)
    assert query == ({} if scene.first else {"scene": [scene.key]})
    assert write(scene.place, scene.defaults, 7)["v"] == [VERSION]


def test_every_scene_has_a_place_of_its_own():
    assert len({(s.page, s.key) for s in SCENES}) == len(SCENES)
    for section in SECTIONS:
        assert all(s.page == section.key for s in section.scenes)
        folders = {p.parent.name for p in section.folder.glob("*/__init__.py")}
        assert {s.key.replace("-", "_") for s in section.scenes} == folders


def test_links_of_all_scenes_are_printed():
    out = subprocess.run([sys.executable, "-m", "core.ui.scene"], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = out.stdout.split()
    assert {scene.link(scene.defaults) for scene in SCENES} <= set(lines)
    assert len(lines) == len(set(lines))
