"""One glossary a language: every scene explains the words it uses."""

import pytest

from core.text import LANGUAGES, Text, entries
from core.ui.glossary import explained, words_of
from core.ui.prose import Prose
from core.ui.sections import ROOT, all_scenes

WORDS = {key.split(".")[1] for key in entries(LANGUAGES[0]) if key.startswith("glossary.") and key.count(".") == 2}


def used(scene, language: str) -> list[str]:
    prose = Prose(ROOT / "pages" / scene.page, language)
    return words_of(scene, prose(scene.key), Text(language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scene", all_scenes(), ids=lambda s: f"{s.page}.{s.key}")
def test_every_scene_explains_its_words_once(scene, language):
    found = used(scene, language)
    assert found
    assert len(set(found)) == len(found)
    words = explained(scene, Prose(ROOT / "pages" / scene.page, language)(scene.key), Text(language))
    assert words.count("\n- **") == len(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_used_somewhere(language):
    assert set().union(*(used(scene, language) for scene in all_scenes())) == WORDS


def test_a_word_within_another_is_none():
    scene = next(s for s in all_scenes() if s.key == "run")
    text = Text("en")
    assert "rate" not in words_of(scene, "", text) or "rate" in text(scene.word("lead")).split()
    assert words_of(scene, "A kinky steppe, separate.", text) == words_of(scene, "", text)
    assert "kink" in words_of(scene, "Look at the kinks.", text)
