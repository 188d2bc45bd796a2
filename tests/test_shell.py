"""The shell as Streamlit runs it, without a browser; and what the theme promises."""

import re
import sys
import tomllib

import pytest
from streamlit.testing.v1 import AppTest

from core.text import LANGUAGES, Text
from core.ui.language import own_name
from core.ui.sections import ROOT, SECTIONS, section_at

SHELL = ROOT / "core" / "ui" / "shell.py"


def opened(**query) -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def labels(app: AppTest) -> list[str]:
    """Return the name of the page that is shown, the first one, and the links to the others."""
    links = [link.proto.label for link in app.main.get("page_link")]
    return [app.markdown[0].value.strip("*"), *links][: len(SECTIONS)]


def titles(language: str) -> list[str]:
    return [Text(language)(f"shell.page.{s.key}.short") for s in SECTIONS]


def test_it_opens_in_english():
    app = opened()
    assert not app.exception
    assert labels(app) == titles("en")
    assert app.session_state["lang"] == "en"
    assert not app.query_params


def test_the_link_names_the_language():
    app = opened(lang="zh-Hant", lr="0.1")
    assert not app.exception
    assert labels(app) == titles("zh-Hant")
    assert app.query_params == {"v": "2", "lang": "zh-Hant", "lr": "0.1"}


@pytest.mark.parametrize("junk", ["", "fr", "ZH-HANT", "<script>", "x" * 2000, "../../etc/passwd", "\x00"])
def test_an_unknown_language_is_english(junk):
    app = opened(lang=junk)
    assert not app.exception
    assert labels(app) == titles("en")


def test_a_chosen_language_goes_into_the_link_and_leaves_the_rest_of_it_alone():
    app = opened(lr="0.1")
    app.segmented_control(key="lang").set_value("zh-Hant").run()
    assert not app.exception
    assert labels(app) == titles("zh-Hant")
    assert app.query_params == {"v": "2", "lr": "0.1", "lang": "zh-Hant"}
    app.segmented_control(key="lang").set_value("en").run()
    assert labels(app) == titles("en")
    assert app.query_params == {"v": "2", "lr": "0.1", "lang": "en"}


def test_the_language_survives_an_address_without_one():
    app = opened(lang="zh-Hant")
    del app.query_params["lang"]
    app.run()
    assert labels(app) == titles("zh-Hant")
    assert app.query_params == {"lang": "zh-Hant"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", SECTIONS, ids=lambda s: s.key)
def test_every_page_runs(section, language):
    app = opened(lang=language)
    app.switch_page(section.script).run()
    assert not app.exception


def test_sections_have_their_address_and_folder():
    assert section_at("") is SECTIONS[0]
    assert section_at("learning-rate") in SECTIONS
    assert section_at("learning_rate") is None
    assert {s.folder for s in SECTIONS} == {p.parent for p in ROOT.glob("pages/*/page.py")}
    assert len({own_name(language) for language in LANGUAGES}) == len(LANGUAGES)


def test_no_file_of_the_shell_hides_the_standard_library():
    # while the app runs, this folder leads sys.path
    assert not {p.stem for p in SHELL.parent.iterdir()} & sys.stdlib_module_names


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    darker, lighter = sorted((luminance(a), luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(front: str, back: str, share: float) -> str:
    pairs = ((int(front[i : i + 2], 16), int(back[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(f * share + b * (1 - share)):02x}" for f, b in pairs)


THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]


@pytest.mark.parametrize("part", ["main", "sidebar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(scheme, part):
    colours = THEME[scheme] | (THEME[scheme]["sidebar"] if part == "sidebar" else {})
    text, back = colours["textColor"], colours["backgroundColor"]
    assert contrast(text, colours["secondaryBackgroundColor"]) >= 7
    assert contrast(mixed(text, back, 0.6), back) >= 4.5  # a caption
    assert contrast(colours["linkColor"], back) >= 4.5
    # what is chosen is written in the accent, on a tint of it
    accent = colours["primaryColor"]
    assert contrast(accent, mixed(accent, back, 0.12)) >= 4.5
    assert contrast("#FFFFFF", accent) >= (3 if part == "main" else 2)


def test_charts_can_count_on_the_backgrounds():
    assert [THEME[s][c] for s in ("light", "dark") for c in ("backgroundColor", "secondaryBackgroundColor")] == [
        "#FFFFFF",
        "#F4F5F2",
        "#12161C",
        "#1B2129",
    ]


def test_nothing_is_fetched_from_elsewhere():
    config = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert not re.search(r"https?://", config)
