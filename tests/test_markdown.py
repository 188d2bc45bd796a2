"""Words that are no Markdown stay what they are, and no text is Markdown by accident."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import LANGUAGES, entries
from core.ui.markdown import escaped

#: Texts that are Markdown on purpose.
MARKDOWN = {
    *("shell.credit", "unknowns.ends", "unknowns.diverged", "unknowns.logistic.ends"),
    *(f"unknowns.kmeans.{key}" for key in ("lloyd_ends", "same", "below", "above")),
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
