"""What joins the loss curve to a gradient: one residual, one coefficient, two slopes and their product."""

from core.charts.domains import around
from core.charts.style import rate_styles
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import sig
from pages.objective.chain.chart import tangent_chart
from pages.objective.chain.compute import Chained, Link
from pages.objective.chain.spec import Chain

HEIGHT = 260
#: Digits of a factor and of a product: who multiplies what stands there gets that, up to the last digit.
FACTOR, PRODUCT = 4, 3
#: The slope of the loss, that of the prediction, and their product.
NAMES = ("loss", "prediction", "product")
#: What is drawn against what, as files call it.
_SAVED = {"loss": ("residual", "loss"), "prediction": ("value", "prediction"), "product": ("value", "loss")}


def figure(chained: Chained, specs: Specs, text: Text) -> Figure:
    """Return the three curves with their tangents, and the multiplication in words."""
    spec: Chain = specs[0]
    links = (chained.loss, chained.prediction, chained.product)
    charts = tuple(_chart(name, i, link, spec, text) for i, (name, link) in enumerate(zip(NAMES, links, strict=True)))
    return Figure(charts, sentences=tuple(sentences(chained, spec, text)))


def _chart(name: str, i: int, link: Link, spec: Chain, text: Text) -> Chart:
    slope = sig(link.slope, PRODUCT if name == "product" else FACTOR)
    words = text("objective.chain.slope", slope=slope)
    x = (float(link.frame["x"].iloc[0]), float(link.frame["x"].iloc[-1]))
    drawn = tangent_chart(
        link.frame,
        (link.x, link.y),
        link.slope,
        domains=(x, around([*link.frame["y"], link.y])),
        titles=(text(f"objective.chain.{name}_x", of=spec.of), text(f"objective.chain.{name}_y")),
        saved=_SAVED[name],
        words=words,
        colour=rate_styles(len(NAMES))[i].colour,
        height=HEIGHT,
    )
    title = text(f"objective.chain.{name}_title", of=spec.of)
    alt = text(f"objective.chain.{name}_alt", of=spec.of, slope=slope)
    return Chart(drawn.to_dict(validate=False), title, alt, 4, HEIGHT + 40, f"{name}-slope", main=True)


def sentences(chained: Chained, spec: Chain, text: Text) -> list[str]:
    """Say the residual and its slope, how the prediction moves, and the product, with all their numbers."""
    rises, moves = (sig(link.slope, FACTOR) for link in (chained.loss, chained.prediction))
    product = sig(chained.product.slope, PRODUCT)
    a, steep, x, v = (sig(number, FACTOR) for number in (chained.activated, chained.steep, spec.x, spec.output))
    y = sig(spec.y) if spec.y >= 0 else f"({sig(spec.y)})"
    said = [
        text("objective.chain.first", at=sig(chained.prediction.y, FACTOR), y=y, r=sig(chained.loss.x), rises=rises),
        text(f"objective.chain.second_{spec.of}", moves=moves, a=a, steep=steep, x=x, v=v),
        text("objective.chain.third", rises=rises, moves=moves, product=product, of=spec.of),
    ]
    if chained.product.slope == 0:
        said.append(text("objective.chain.nothing", of=spec.of))
    return said
