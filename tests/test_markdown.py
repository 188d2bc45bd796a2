"""Words that are no Markdown stay what they are, and no text is Markdown by accident."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from core.text import LANGUAGES, entries
from core.ui.markdown import escaped
from core.ui.sections import ROOT

#: Texts that are Markdown on purpose.
MARKDOWN = {
    *("shell.credit", "scene.say", "unknowns.ends", "unknowns.diverged", "unknowns.logistic.ends"),
    *(f"unknowns.kmeans.{key}" for key in ("lloyd_ends", "same", "below", "above")),
    *(f"unknowns.step.{key}" for key in ("ends_flat", "ends_long", "with_it", "evenly", "unevenly")),
    *("optimizers.inside.moved", "optimizers.inside.still", "optimizers.inside.bare"),
    *("home.same.ends", "home.same.lost"),
    *(f"objective.chain.{key}" for key in ("first", "second_w", "second_b", "second_v", "third")),
    *(key for key in entries(LANGUAGES[0]) if key.startswith("glossary.") and key.endswith(".says")),
}
#: Texts that are shown through `escaped`, or by charts and lists of choices, which read no Markdown.
AS_WRITTEN = {"control.own_help", "data.step", "data.absolute", "objective.axis.difference", "small_steps.sign.add"}
AS_WRITTEN |= {key for key in entries(LANGUAGES[0]) if key.startswith("link.reason.")}
#: What Streamlit would take for more than itself; a lone bracket, bar or colon it leaves alone.
EATEN = re.compile(r"[\\`*_$~<]|\]\(|:\w+:|:\w+\[|--|->|[<>~]=|^\s*([-+#>]|\d+[.)])\s", re.MULTILINE)


@given(st.text(st.characters(codec="ascii") | st.sampled_from("雜訊，。−≤"), max_size=40))
def test_nothing_but_escapes_is_added(words):
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped(words)).replace("\u2060", "") == words


@pytest.mark.parametrize("words", ["abs(r)", "Adam (0.9, 0.99)", "一步，兩步。", "0.3", "5,000", "−1.5 · x", "r² − 1"])
def test_plain_words_stay_as_they_are(words):
    assert escaped(words) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_markdown_by_accident(language):
    found = {key for key, words in entries(language).items() if EATEN.search(re.sub(r"\{[^}]*\}", "x", words))}
    assert found <= MARKDOWN | AS_WRITTEN


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_meant_to_be_bold_is(language):
    """Stars are no marks where punctuation stands inside of them and a letter outside, as at 「說：**走」."""
    texts = {key: re.sub(r"\{[^}]*\}", "步", words) for key, words in entries(language).items() if key in MARKDOWN}
    texts |= {str(path): path.read_text(encoding="utf-8") for path in ROOT.glob(f"pages/*/{language}.md")}
    assert any("**" in words for words in texts.values())
    assert not [key for key, words in texts.items() if "**" in MarkdownIt("commonmark", {"html": True}).render(words)]
