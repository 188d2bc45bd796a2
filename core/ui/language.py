"""The language the reader reads in: named by the link, chosen in the navigation, kept for the session."""

import streamlit as st

from core.text import LANGUAGES, Text

_STATE = "language"  # what the session reads in
_SEEN = "language_of_link"  # what the address said last


def current() -> Text:
    """Return the texts in the session's language, English where nobody chose."""
    return Text(st.session_state.get(_STATE, LANGUAGES[0]))


def own_name(language: str) -> str:
    """Return what a language calls itself."""
    return Text(language)("shell.own_name")


def follow_link() -> Text:
    """Take over the language that the address names, if it is new, and return its texts.

    An address without one (a link in a page, say) keeps the session's language; an unknown one is English.
    """
    named = st.query_params.get("lang")
    if named is not None and named != st.session_state.get(_SEEN):
        st.session_state[_STATE] = named if named in LANGUAGES else LANGUAGES[0]
    st.session_state[_SEEN] = named
    text = current()
    if named is None and text.language != LANGUAGES[0]:
        _name_in_link(text.language)
    return text


def choice() -> None:
    """Show the languages to choose from; the chosen one goes into the address."""
    st.session_state["lang"] = current().language
    st.segmented_control(
        current()("shell.language"),
        LANGUAGES,
        format_func=own_name,
        required=True,
        key="lang",
        label_visibility="collapsed",
        on_change=_choose,
    )


def link_parameters() -> dict[str, str]:
    """Return what a link inside the app carries, so that it opens in the same language."""
    language = current().language
    return {} if language == LANGUAGES[0] else {"lang": language}


def _choose() -> None:
    st.session_state[_STATE] = st.session_state["lang"]
    _name_in_link(st.session_state["lang"])


def _name_in_link(language: str) -> None:
    st.query_params["lang"] = language
    st.session_state[_SEEN] = language
