"""What stands around every scene: navigation, language, and the answer to a wrong address."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import streamlit as st

from core.text import Text
from core.ui import language, navigation, stage
from core.ui.navigation import title
from core.ui.sections import SECTIONS, section_at
from core.ui.situation import asked_now

HERE = Path(__file__).parent


def missing() -> None:
    """Say that nothing is at this address, and what there is instead."""
    text = language.current()
    st.title(text("shell.missing.title"))
    st.markdown(text("shell.missing.body"))
    navigation.links(text)


def pages(text: Text) -> list[st.Page]:
    """Return every page, and one that says so if the address names none of them."""
    found = [st.Page(s.script, title=title(s, text), url_path=s.url_path, default=not s.url_path) for s in SECTIONS]
    asked = unquote(urlsplit(st.context.url or "").path).rpartition("/")[2]
    if asked.strip() and section_at(asked) is None:
        found.append(st.Page(missing, title=text("shell.missing.title"), url_path=asked))
    return found


def page_script(text: Text, url_path: str) -> str:
    """Return what follows a change of language: the served page is in that of its link. It differs for each page."""
    return f'<script>document.documentElement.lang = "{text.language}"  // {url_path}</script>'


text = language.follow_link()
page = st.navigation(pages(text), position="hidden")
section = section_at(page.url_path)
navigation.follow(section)
scene = section.scene_at(asked_now()) if section else None
st.set_page_config(
    page_title=f"{text(scene.word('question')) if scene else page.title} · {text('shell.name')}",
    page_icon=HERE / "logo.svg",
    layout="wide",
    initial_sidebar_state="collapsed",
)
st.html(HERE / "shell.css")
if not st.context.is_embedded:
    navigation.row(section, text)
    with st.container(key="out_of_sight"):
        st.html(page_script(text, page.url_path), unsafe_allow_javascript=True)
if scene is None:
    missing()
else:
    navigation.strip(scene, text)
    stage.show(scene)
if not st.context.is_embedded:
    st.markdown(f":small[{text('shell.credit')}]")
