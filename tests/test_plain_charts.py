"""Charts are put together without Altair's copies, and come out as Altair would have made them."""

from typing import Any

import altair as alt
import pytest

from core.charts.layers import Layered
from core.charts.plain import plain
from core.text import Text
from tests.test_charts import CHARTS


def by_altair(chart: Layered) -> dict[str, Any]:
    """The same chart through Altair's own classes."""
    layers = []
    for one in chart.layer:
        more = {name: value for name, value in (("data", one.data), ("name", one.name)) if value}
        if one.transform:
            more["transform"] = one.transform
        layers.append(alt.Chart(mark=one.mark, encoding=alt.FacetedEncoding(**one.channels), **more))
    return alt.LayerChart(data=chart.data, layer=layers, **chart.top).to_dict(validate=False)


def with_data(spec: dict[str, Any]) -> dict[str, Any]:
    """The chart with each layer's data in its place: what a data set is called says nothing."""
    datasets = spec.pop("datasets", {})
    for one in spec["layer"]:
        data = one.get("data", {})
        if data.get("name") in datasets:
            data["values"] = datasets[data.pop("name")]
        elif "values" in data:  # Altair leaves a set of no rows where it is, name and all
            data.pop("name", None)
    return spec


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_what_altair_makes_of_it(name):
    chart = CHARTS[name](Text("en"))
    assert with_data(chart.to_dict()) == with_data(by_altair(chart))


@pytest.mark.parametrize(
    "part",
    [
        alt.X("step:Q", axis=alt.Axis(title=None, tickCount=alt.expr("ceil(width / 90)"))),
        alt.Y2("end:Q"),
        alt.Color("name:N", scale=None, legend=alt.Legend(orient="bottom")),
        alt.Tooltip("mean(loss):Q", format=".3f"),
        alt.Order("step:Q"),
        alt.Opacity("loss:Q", scale=alt.Scale(domain=[0, 1], range=[0.1, 1])),
        alt.XDatum(alt.expr("step"), type="quantitative"),
        alt.VariableParameter(name="step", value=3),
        alt.TitleParams("SGD", anchor="start"),
        alt.InlineData(values=[{"a": 1}], name="rows"),
    ],
    ids=lambda part: type(part).__name__,
)
def test_a_part_is_what_altair_makes_of_it(part):
    assert plain(part) == part.to_dict(validate=False)


def test_what_is_no_part_of_a_chart_is_refused():
    with pytest.raises(TypeError):
        plain({"values": {1, 2}})
