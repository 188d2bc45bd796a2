"""A page as a visitor finds it who opens links and moves controls: what it draws, and what it says instead."""

import gzip
import json
from collections.abc import Collection, Iterator
from typing import Any

from streamlit import config
from streamlit.testing.v1 import AppTest

from core.link.forms import Form, Specs
from core.link.published import VERSION
from core.ui.sections import all_scenes
from tests.test_pages import open_page
from tests.valid_links import Query

#: Elements that show something, as opposed to those that say or ask something.
DRAWN = {"bidi_component", "vega_lite_chart", "table"}


def places() -> list[str]:
    """Return every scene as page.scene."""
    return [f"{scene.page}.{scene.key}" for scene in all_scenes()]


class Visit:
    """One scene in one session."""

    def __init__(self, place: str, language: str = "en", query: Query | None = None):
        config.set_option("client.showErrorDetails", "full")  # else an exception is only that there was one
        self.place = place
        self.page, _, self.scene = place.partition(".")
        self.language = language
        self.app: AppTest = open_page(self.page, {"scene": self.scene} | (query or {}), language=language)

    @property
    def situation(self) -> Any:
        return self.app.session_state["scene_situations"][self.page, self.scene]

    @property
    def form(self) -> Form:
        return self.situation.scene.form

    @property
    def defaults(self) -> Specs:
        return self.situation.scene.defaults

    @property
    def single(self) -> Collection[str]:
        return self.situation.scene.single

    def follow(self, query: Query) -> None:
        """Open a link in the same session."""
        self.app.query_params.clear()
        self.app.query_params["lang"] = self.language
        self.app.query_params |= {"scene": self.scene, "v": VERSION}
        for name, values in query.items():
            self.app.query_params[name] = values
        self.app.run()

    def faults(self) -> list[str]:
        """Return what is wrong with the page as it stands: exceptions, empty figures, numbers that are none."""
        found = [f"{e.message.splitlines()[0] if e.message else ''} {_place(e)}" for e in self.app.exception]
        if found:
            return found
        if not {e.type for e in self.app.main} & (DRAWN | {"latex", "warning"}):
            found.append("nothing is drawn")
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
            if component.proto.bytes:  # a player; a stepper sends none
                yield "player", gzip.decompress(component.proto.bytes).decode()


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} among its numbers")


def _place(exception: Any) -> str:
    own = [line.strip() for line in exception.stack_trace if "/core/" in line or "/pages/" in line]
    return own[-1] if own else ""
