"""What a reader saves of every chart of every scene: a row an observation, named columns, one value a cell."""

import csv
import gzip
import io
import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from pyarrow import ipc

from core.engine.asking import AtOnce
from core.player.source import WEB
from core.text import LANGUAGES, Text
from core.ui.scene import Scene
from core.ui.sections import all_scenes
from tests.visits import Visit

#: What the browser does with every chart it is asked to save.
_SAVE = f"""
import {{ readFileSync }} from "node:fs";
import {{ csvOf }} from "{WEB.as_uri()}/data.js";
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0)).map(csvOf)));
"""
#: A plain word, or words joined by _; of single letters only the axes.
_NAME = re.compile(r"[a-z][a-z0-9]*[a-z0-9_]+|x|y")
#: Numbers apart by spaces or signs, or what stands around a list.
_MANY = re.compile(r"[-\d.][\s,;|]+[-\d.]|[\[\]{}?]")
SCENES = all_scenes()
each = pytest.mark.parametrize("scene", SCENES, ids=lambda s: f"{s.page}.{s.key}")

Chart = Mapping[str, Any]
Table = list[list[str]]  # the names of the columns first


def saved(node: str, charts: Sequence[Chart]) -> dict[str, Table]:
    """Return what the browser saves of each chart."""
    specs = json.dumps([chart["spec"] for chart in charts])
    run = [node, "--input-type=module", "--eval", _SAVE]
    done = subprocess.run(run, input=specs, capture_output=True, text=True, check=True)
    texts = json.loads(done.stdout)
    return {chart["name"]: [*csv.reader(io.StringIO(t))] for chart, t in zip(charts, texts, strict=True)}


def opened(node: str, scene: Scene, language: str) -> dict[str, Table]:
    """Return what is saved of every chart of a scene as a visitor finds it, of the plain ones by Streamlit."""
    visit = Visit(f"{scene.page}.{scene.key}", language)
    assert visit.faults() == []
    sent = [json.loads(gzip.decompress(c.proto.bytes)) for c in visit.app.get("bidi_component") if c.proto.bytes]
    plain = [ipc.open_stream(c.proto.data.data).read_pandas() for c in visit.app.get("vega_lite_chart")]
    tables = {f"plain-{i}": [*csv.reader(io.StringIO(data.to_csv(index=False)))] for i, data in enumerate(plain)}
    return tables | saved(node, [chart for message in sent for chart in message["charts"]])


def tried(scene: Scene) -> list[Chart]:
    """Return the charts of everything there is to try."""
    usual = scene.form.flatten(scene.defaults)
    charts = []
    for name, changes in scene.tries.items():
        specs = scene.form.admit(usual | dict(changes))
        result = scene.compute(specs, AtOnce())
        if scene.notes is not None:
            result = (result, scene.notes(specs))
        figure = scene.figure(result, specs, Text("en"))
        charts += [{"name": f"{name} {chart.name}", "spec": chart.spec} for chart in figure.charts]
    return charts


def number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def faults(rows: Table) -> list[str]:
    """Return what is wrong with a table."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return ["is empty"]
    names, *cells = rows
    found = [f"a column is called {name!r}" for name in names if not _NAME.fullmatch(name)]
    found += ["names are there twice"] * (len(set(names)) < len(names))
    found += ["rows differ in length"] * (len({len(row) for row in rows}) > 1)
    for name, column in zip(names, map(set, zip(*cells, strict=False)), strict=False):
        found += [f"{name} has {cell[:40]!r}" for cell in sorted(filter(_MANY.search, column))[:1]]
        found += [f"{name} has numbers among words"] * (len({number(cell) for cell in column - {""}}) > 1)
    return found


@each
def test_every_chart_is_saved_as_a_tidy_table(scene, node):
    english, chinese = (opened(node, scene, language) for language in LANGUAGES)
    tables = english | saved(node, tried(scene))
    assert {name: found for name, rows in tables.items() if (found := faults(rows))} == {}
    assert {name: rows[0] for name, rows in english.items()} == {name: rows[0] for name, rows in chinese.items()}


def test_what_is_no_tidy_table_is_found():
    assert faults([["step", "x", "loss"], ["1", "-1e-05", ""], ["2", "0.5", "Infinity"]]) == []
    assert faults([["step", "loss"]]) == ["is empty"]
    assert faults([["c", "SGD"], ["1", "2"]]) == ["a column is called 'c'", "a column is called 'SGD'"]
    for packed in ("1 -2 ?", "[1]", "1,2", "0.5;0.6", "{}"):
        assert faults([["step", "cells"], ["1", packed]]) == [f"cells has {packed!r}"]
    assert faults([["step", "unit"], ["1", "all"], ["1", "2"]]) == ["unit has numbers among words"]
