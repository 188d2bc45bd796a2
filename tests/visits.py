"""A page as a visitor finds it who opens links and moves controls: what it draws, and what it says instead."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

from streamlit import config
from streamlit.testing.v1 import AppTest

from core.ui.situation import Situation
from tests.test_pages import open_page
from tests.valid_links import Query

#: Elements that show something, as opposed to those that say or ask something.
DRAWN = {"bidi_component", "vega_lite_chart", "table"}


class Visit:
    """One page in one session."""

    def __init__(self, key: str, language: str = "en"):
        config.set_option("client.showErrorDetails", "full")  # else an exception is only that there was one
        self.key = key
        self.app: AppTest = open_page(key, language=language)
        self.language = language

    @property
    def situation(self) -> Situation:
        return self.app.session_state["situations"][self.key]

    def follow(self, query: Query) -> None:
        """Open a link in the same session."""
        self.app.query_params.clear()
        self.app.query_params["lang"] = self.language
        for name, values in query.items():
            self.app.query_params[name] = values
        self.app.run()

    def faults(self) -> list[str]:
        """Return what is wrong with the page as it stands: exceptions, empty figures, numbers that are none."""
        found = [f"{e.message.splitlines()[0] if e.message else ''} {_place(e)}" for e in self.app.exception]
        if found:
            return found
        found += [f"nothing in figure {title!r}" for title, kinds in _figures(self.app.main) if not kinds]
        for kind, spec in self._specs():
            try:
                json.loads(spec, parse_constant=_refuse)
            except ValueError as error:
                found.append(f"{kind}: {error}")
        return found

    def notices(self) -> list[str]:
        """Return what the page says instead of what was asked for."""
        return [warning.value for warning in self.app.warning]

    def _specs(self) -> Iterator[tuple[str, str]]:
        for chart in self.app.get("vega_lite_chart"):
            yield "chart", chart.proto.spec
        for component in self.app.get("bidi_component"):
            yield "player", gzip.decompress(component.proto.bytes).decode()


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} among its numbers")


def _place(exception: Any) -> str:
    own = [line.strip() for line in exception.stack_trace if "/core/" in line or "/pages/" in line]
    return own[-1] if own else ""


def _blocks(block: Any) -> Iterator[Any]:
    for child in block.children.values():
        yield child
        if hasattr(child, "children"):
            yield from _blocks(child)


def _figures(main: Any) -> Iterator[tuple[str, set[str]]]:
    """Yield the title of each figure, and what in it draws or says why not."""
    for block in _blocks(main):
        inside = list(getattr(block, "children", {}).values())
        if inside and inside[0].type == "header":
            kinds = {child.type for child in _blocks(block)}
            yield inside[0].value, kinds & (DRAWN | {"warning", "alert"})
