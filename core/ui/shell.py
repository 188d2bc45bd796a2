"""What stands around every page: title, navigation, language, and the answer to a wrong address."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import streamlit as st

from core.text import Text
from core.ui import language
from core.ui.sections import SECTIONS, Section, section_at

HERE = Path(__file__).parent
FIGURE_WIDTH = 1200  # pixels: wider than this, a curve is mostly stretched

#: The served page is already in the language of its link: this follows a change of mind. It runs again
#: whenever it reads differently, so on a phone it also closes the sidebar from which a page was chosen.
SCRIPT = """<script>
document.documentElement.lang = "{language}"  // {page}
if (innerWidth < 768) document.querySelector(
  "[data-testid=stSidebar][data-collapsed=false] [data-testid=stSidebarCollapseButton] button")?.click()
</script>"""


def title(section: Section, text: Text) -> str:
    """Return what the section is called in the reader's language."""
    return text(f"shell.page.{section.key}.title")


def links(text: Text) -> None:
    """Write a link to every page; unlike those of st.navigation they carry the language."""
    for section in SECTIONS:
        st.page_link(
            section.script,
            label=title(section, text),
            icon=section.icon,
            query_params=language.link_parameters(),
        )


def missing() -> None:
    """Say that nothing is at this address, and what there is instead."""
    text = language.current()
    st.title(text("shell.missing.title"))
    st.markdown(text("shell.missing.body"))
    links(text)


def pages(text: Text) -> list[st.Page]:
    """Return every page, and one that says so if the address names none of them."""
    found = [st.Page(s.script, title=title(s, text), url_path=s.url_path, default=not s.url_path) for s in SECTIONS]
    asked = unquote(urlsplit(st.context.url or "").path).rpartition("/")[2]
    if asked.strip() and section_at(asked) is None:
        found.append(st.Page(missing, title=text("shell.missing.title"), url_path=asked))
    return found


def sidebar(text: Text, url_path: str) -> None:
    """Write the navigation, the languages, and whom the app owes its example to."""
    st.logo(HERE / f"logo.{text.language}.svg", size="large", icon_image=HERE / "logo.svg")
    with st.sidebar:
        links(text)
        st.space("small")
        language.choice()
        st.markdown(f":small[{text('shell.credit')}]")
        section = section_at(url_path)
        script = SCRIPT.format(language=text.language, page=section.key if section else "missing")
        st.html(script, unsafe_allow_javascript=True)


text = language.follow_link()
page = st.navigation(pages(text), position="hidden")
st.set_page_config(
    page_title=f"{page.title} · {text('shell.name')}",
    page_icon=HERE / "logo.svg",
    layout="wide",
    initial_sidebar_state=270,
)
if not st.context.is_embedded:
    sidebar(text, page.url_path)
with st.container(width=FIGURE_WIDTH):
    page.run()
