"""The axes of the charts that show a loss against the step, and what is fixed to them."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from core.charts.layers import TICKS, Layer, layer
from core.charts.rows import few
from core.charts.style import NEUTRAL
from core.text import Text

Scale = Literal["linear", "log"]
Domain = tuple[float, float]


@dataclass(frozen=True)
class Axes:
    """What the loss-against-step charts of one figure share; `domain` is of the loss, above 0 if log."""

    loss_name: str  # as a reader knows it: "MSE"
    steps: int
    step: int  # where the cursor stands at first
    target: float
    scale: Scale = "linear"
    domain: Domain = (0.0, 0.2)
    height: int = 320  # px of the plot itself

    def frame(self, text: Text, title: str) -> Layer:
        """An empty layer that carries both fixed scales and axes; the other layers follow them."""
        axis = alt.Axis(title=text("chart.axis.step"), format="d", tickCount=alt.expr(TICKS), grid=False)
        steps = alt.Scale(domain=[0, self.steps], nice=False)
        losses = loss_axis(title, self.scale, self.domain, max(2, self.height // 60))
        return layer(
            "point",
            {"opacity": 0, "aria": False},
            data=few([{}]),
            x=alt.XDatum(0, type="quantitative", scale=steps, axis=axis),
            y=alt.YDatum(self.domain[0], type="quantitative", scale=loss_scale(self.scale, self.domain), axis=losses),
        )

    def room(self, pixels: float) -> float:
        """How much of the loss axis this many pixels are: a difference, or decades if log."""
        low, high = self.domain
        span = math.log10(high / low) if self.scale == "log" else high - low
        return pixels / self.height * span

    def moved(self, value: float, pixels: float) -> float:
        """The loss this many pixels above `value`, within the domain; NaN starts at the top edge."""
        low, high = self.domain
        start = high if math.isnan(value) else min(max(value, low), high)
        far = self.room(pixels)
        return min(max(start * 10**far if self.scale == "log" else start + far, low), high)

    def shown(self, value: str) -> str:
        """A Vega expression for a loss on this scale, as `shown` makes it."""
        return shown(value, self.scale, self.domain)


def shown(value: str, scale: Scale, domain: Domain) -> str:
    """A Vega expression for a loss kept from running off to where canvases lose track of a line."""
    low, high = domain
    far = 10 * (high - low)
    near, far = (low / 100, high * 100) if scale == "log" else (low - far, high + far)
    return f"isValid({value}) ? clamp({value}, {near:g}, {far:g}) : null"


def loss_scale(kind: Scale, domain: Domain, **more: Any) -> alt.Scale:
    """A fixed linear or logarithmic scale."""
    if kind == "linear":
        more["zero"] = False  # Vega-Lite warns of it on a log scale
    return alt.Scale(type=kind, domain=list(domain), nice=False, **more)


def loss_axis(title: str, kind: Scale, domain: Domain, ticks: int = 5) -> alt.Axis:
    """A value axis with its title above it; log ticks at powers of ten only."""
    above: dict[str, Any] = {"title": title or None, "grid": True}
    if title:
        above |= {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "start", "titleBaseline": "bottom"}
        above |= {"titleX": 0, "titleY": -8}
    if kind == "log":
        return alt.Axis(values=powers_of_ten(domain), format="~g", **above)
    return alt.Axis(tickCount=ticks, format=".4~g", **above)  # left to itself, Vega would write 10 as 1e+1


def powers_of_ten(domain: Domain) -> list[float]:
    """Every power of ten within the domain, its ends included."""
    low, high = (math.log10(v) for v in domain)
    return [float(f"1e{k}") for k in range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)]


def cursor_rule() -> Layer:
    """A vertical rule at the player's step."""
    look = {"color": NEUTRAL, "strokeWidth": 1.5}
    return layer("rule", look, data=few([{}]), x=alt.XDatum(alt.expr("step"), type="quantitative"))


def target_rule(target: float) -> Layer:
    """The target as a horizontal rule."""
    look = {"color": NEUTRAL, "strokeDash": [2, 2]}
    return layer("rule", look, data=few([{"target": target}]), y=alt.Y("target:Q"))
