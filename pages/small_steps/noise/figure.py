"""How noisy the gradients of mini-batches are, along a training."""

import pandas as pd

from core.analysis.gradient_noise import DRAWS, SIZES, GradientNoise
from core.analysis.sentences import listed
from core.charts.domains import decades
from core.charts.series import Rule, series_chart
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import percent, sig
from pages.small_steps.batch_sizes import named, style_of
from pages.small_steps.frames import SHOWN, fan_frame, step_frame
from pages.small_steps.noise.chart import HEIGHT as FAN_HEIGHT
from pages.small_steps.noise.chart import REACH, fan_chart
from pages.small_steps.noise.compute import Noisy
from pages.small_steps.shown import Shown, axes, read_out
from pages.small_steps.shown import figure as as_figure

NOISE_HEIGHT = 220


def figure(found: Noisy, _: Specs, text: Text) -> Figure:
    """Return the fans and how large their noise is, over the steps of the training."""
    steps = found.history.experiment.steps
    return as_figure(build_noise(steps, found.noise, text), steps, key="player")


def build_noise(steps: int, found: GradientNoise, text: Text) -> Shown:
    """Make a fan of gradients a batch size, and how large their noise is against the step."""
    names, styles = [named(size, text) for size in SIZES], [style_of(size) for size in SIZES]
    fans = [
        fan_chart(_said(fan_frame(found, i, steps), text), name, style, text, step=steps)
        for i, (name, style) in enumerate(zip(names, styles, strict=True))
    ]
    frame = step_frame(found.noise, found.steps)
    known = found.noise[found.noise.isfinite() & (found.noise > 0)]
    domain = decades([min(float(known.min()), 0.9), max(float(known.max()), 1.1)]) if len(known) else (0.1, 10.0)
    level = series_chart(
        frame,
        names,
        styles,
        text,
        axes(steps, domain, NOISE_HEIGHT),
        saved=("batch", "noise"),
        title=text("small_steps.noise.level"),
        rules=[Rule(text("small_steps.noise.equal"), 1.0)],
    )
    charts = [
        Chart(
            fan.to_dict(validate=False),
            "" if i else text("small_steps.noise.fans_title"),
            text("small_steps.noise.fan_alt", name=name),
            columns=4,
            height=FAN_HEIGHT + 40,
            name=f"batch-{size}",
        )
        for i, (size, name, fan) in enumerate(zip(SIZES, names, fans, strict=True))
    ]
    charts.append(
        Chart(
            level.to_dict(validate=False),
            text("small_steps.noise.level_title"),
            text("small_steps.noise.level_alt"),
            height=NOISE_HEIGHT + 60,
            name="noise",
            step_axis=True,
        )
    )
    note = text("small_steps.noise.note", draws=DRAWS, shown=SHOWN, reach=f"{REACH:g}")
    return Shown(tuple(charts), read_out(names, styles, frame), _sentences(found, names, steps, text), (note,))


def _said(frame: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return the frame with the words that stand in the corners of a fan."""
    degrees = [f"{sig(median, 2)}°" for median in frame["median"]]
    return frame.assign(
        uphill=[text("small_steps.noise.uphill", share=percent(share)) for share in frame["uphill"]],
        middle=[text("small_steps.noise.middle", angle=angle) for angle in degrees],
    )


def _sentences(found: GradientNoise, names: list[str], steps: int, text: Text) -> tuple[str, ...]:
    def values(row: int) -> dict[str, str]:
        medians = [f"{sig(v, 2)}°" for v in found.angle[row].nanquantile(0.5, 1).tolist()]
        uphill = [percent(v) for v in (found.angle[row] > 90).double().mean(1).tolist()]
        noises = [sig(v, 2) for v in found.noise[row].tolist()]
        listing = text("result.listing")
        return {"angles": listing.join(medians), "uphill": listing.join(uphill), "noise": listing.join(noises)}

    start = text("small_steps.noise.start", names=listed(names, text), **values(0))
    if not found.angle[-1].isfinite().any():
        return start, text("small_steps.noise.lost")
    return start, text("small_steps.noise.end", steps=steps, **values(-1))
