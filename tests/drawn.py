"""What a scene draws, without the app, and what a chart of it looks like."""

import html
import json
import re

import vl_convert

from core.engine.asking import AtOnce
from core.player.figure import Figure
from core.text import Text
from core.ui.scene import Scene


def drawn(scene: Scene, *specs: object, text: Text) -> Figure:
    """Compute a scene for these specs and return its figure."""
    return scene.figure(scene.compute(specs, AtOnce()), specs, text)


def as_svg(spec: dict, *, width: int = 400, height: int = 300, step: int | None = None) -> str:
    """A chart as SVG at a step, the one it opens at if None: the plot alone is this large."""
    spec = json.loads(json.dumps(spec)) | {"width": width, "height": height, "autosize": "pad"}
    for param in spec.get("params", []):
        if param["name"] == "step" and step is not None:
            param["value"] = step
    return vl_convert.vegalite_to_svg(spec, vl_version="6.4")


def words_at(spec: dict, step: int) -> list[str]:
    """The texts in a chart at a step, as they come."""
    return [html.unescape(words) for words in re.findall(r"<text[^>]*>([^<]*)</text>", as_svg(spec, step=step))]
