"""Passing a scene on: its link with a QR code, the way back to what was shared, and the script behind it."""

import io
from urllib.parse import urlencode, urlsplit, urlunsplit

import segno
import streamlit as st

from core.link.forms import MAX_VALUES, Specs
from core.text import LANGUAGES, Text
from core.ui import language
from core.ui.queued import NotNow, Queued
from core.ui.situation import Query, Situation


def _address(query: Query) -> str:
    here = urlsplit(st.context.url or "")
    return urlunsplit((here.scheme, here.netloc, here.path, urlencode(query, doseq=True), ""))


def _qr(url: str) -> str:
    out = io.BytesIO()
    segno.make(url, error="l", micro=False).save(out, kind="svg", scale=6, border=3, xmldecl=False)
    return out.getvalue().decode()


def _dialog(here: Situation, step: int | None, text: Text) -> None:
    st.markdown(text("share.body"))
    st.session_state.setdefault("share.lang", text.language)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            text("share.language"),
            LANGUAGES,
            format_func=language.own_name,
            required=True,
            key="share.lang",
        )
        st.session_state.setdefault("share.step", True)
        at_step = step is not None and st.toggle(text("share.open_at", step=step), key="share.step")
    query = here.query(step if at_step else None)
    if any(len(values) > MAX_VALUES for values in query.values()):
        st.warning(text("share.refused"))
        return
    own = {} if chosen in (None, LANGUAGES[0]) else {"lang": [chosen]}
    url = _address({name: values for name, values in query.items() if name != "lang"} | own)
    st.code(url, language=None, wrap_lines=True)
    st.image(_qr(url), alt=text("share.qr_alt"), width=320)


def buttons(here: Situation, step: int | None, text: Text) -> None:
    """Show the buttons to share and, after a change, to go back to what was shared."""
    with st.container(horizontal=True):
        if st.button(text("share.button"), icon=":material/share:", key="share"):
            st.dialog(text("share.title"), icon=":material/share:")(_dialog)(here, step, text)
        if here.moved:
            st.button(
                text("share.back"),
                icon=":material/undo:",
                type="tertiary",
                key="back",
                on_click=here.share_again,
            )


def script(here: Situation, specs: Specs, text: Text) -> None:
    """Show the script that repeats the picture, to copy or to take away."""
    scene = here.scene
    if scene.script is None:
        return
    try:
        code = scene.script(specs, Queued(text), text(scene.word("question")))
    except NotNow:
        return
    st.download_button(
        text("share.script"),
        code,
        file_name=f"small_steps_{scene.page}_{scene.key}.py",
        mime="text/x-python",
        icon=":material/download:",
        key="script",
        on_click="ignore",
    )
    st.code(code, language="python", wrap_lines=True)
