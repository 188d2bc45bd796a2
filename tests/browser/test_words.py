"""Words through Streamlit's Markdown, read back from the browser."""

import sys

import pytest

from tests.browser.conftest import ROOT, served

WORDS = (
    *(
        "where(abs(r) < 1, r**2, 1)",
        "0.1*r**2 + 0.2*r**4",
        "a_b_ _c_",
        "Step [x > 0](y)",
        "$x$ and $y$",
        "`code` ~~x~~",
    ),
    *(":red[x] :smile: :material/add:", "a <= b -> c -- d >= e ~= f <- g", "+ add it", "- x", "1. one", "# h", "> q"),
    *("<b>x</b> &amp; &lt;", "|a|b|", "https://x.example/a_b_c", "back\\slash \\* end", "---", "1) one", "*", "==="),
)
APP = """
import sys
sys.path.insert(0, {root!r})

import streamlit as st
from starlette.responses import Response
from starlette.routing import Route

app = st.App({script!r}, routes=[Route("/healthz", lambda _: Response())])
"""
SCRIPT = """
import streamlit as st

from core.ui.markdown import escaped

words = [escaped(one) for one in {words!r}]
for i, one in enumerate(words):
    with st.container(key=f"text{{i}}"):
        st.markdown(one)
    with st.container(key=f"label{{i}}"):
        st.toggle(one, key=f"toggle{{i}}")
st.table({{"words": words}}, hide_index=True)
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    folder = tmp_path_factory.mktemp("markdown")
    (folder / "script.py").write_text(SCRIPT.format(words=WORDS), encoding="utf-8")
    app = folder / "app.py"
    app.write_text(APP.format(root=str(ROOT), script=str(folder / "script.py")), encoding="utf-8")
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true"]
    with served(command, folder, folder / "log") as address:
        yield address


def test_words_arrive_as_they_are_written(browser, url):
    page = browser.new_page()
    page.goto(url)
    cells = page.get_by_test_id("stTable").locator("td")
    cells.nth(len(WORDS) - 1).wait_for()
    for i, words in enumerate(WORDS):
        places = (page.locator(f".st-key-text{i}"), page.locator(f".st-key-label{i}"), cells.nth(i))
        assert [place.inner_text().replace("\u2060", "") for place in places] == [words] * 3
    page.close()
