"""Passing a situation on: its complete link with a QR code, the way back to it, and the script behind it."""

import io
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

import segno
import streamlit as st

from core.text import LANGUAGES, Text
from core.ui import language
from core.ui.page_situation import Situation


def _address(query: str) -> str:
    here = urlsplit(st.context.url or "")
    return urlunsplit((here.scheme, here.netloc, here.path, query, ""))


def _qr(url: str) -> bytes:
    out = io.BytesIO()
    segno.make(url, error="l", micro=False).save(out, kind="png", scale=6, border=3)
    return out.getvalue()


def _dialog(situation: Situation, step: int | None, text: Text) -> None:
    st.markdown(text("share.body"))
    st.session_state.setdefault("share.lang", text.language)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            text("share.language"),
            LANGUAGES,
            format_func=language.NAMES.__getitem__,
            required=True,
            key="share.lang",
        )
        at_step = step is not None and st.toggle(text("share.open_at", step=step), key="share.step")
    specs = situation.specs if step is None else situation.specs_at(step if at_step else None)
    try:
        query = situation.form.encode(specs, chosen or text.language)
    except ValueError:
        st.warning(text("share.refused"))
        return
    url = _address(query)
    st.code(url, language=None, wrap_lines=True)
    st.image(_qr(url), alt=text("share.qr_alt"), width=320)


def bar(situation: Situation, text: Text, *, step: int | None, script: Callable[[], str] | None) -> None:
    """Show the buttons to share, to take a script away, and, after a change, to go back to what was shared.

    With the `step` the reader is at, the link may open there; `script` makes the text of small_steps.py.
    """
    with st.container(horizontal=True):
        if st.button(text("share.button"), icon=":material/share:", key="share"):
            st.dialog(text("share.title"), icon=":material/share:")(_dialog)(situation, step, text)
        if script is not None:
            st.download_button(
                text("share.script"),
                script,
                file_name="small_steps.py",
                mime="text/x-python",
                icon=":material/code:",
                key="script",
                on_click="ignore",
            )
        if situation.moved:
            st.button(
                text("share.back"),
                icon=":material/undo:",
                type="tertiary",
                key="back",
                on_click=situation.share_again,
            )
