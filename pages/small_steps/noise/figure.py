"""How noisy the gradients of mini-batches are, along a training."""

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
from pages.small_steps.frames import SHOWN, cloud_frame, step_frame
from pages.small_steps.noise.chart import CloudAxis, cloud_chart, cloud_height
from pages.small_steps.noise.compute import Noisy
from pages.small_steps.shown import Shown, axes, read_out
from pages.small_steps.shown import figure as as_figure

NOISE_HEIGHT = 220


def figure(found: Noisy, _: Specs, text: Text) -> Figure:
    """Return the clouds and how large their noise is, over the steps of the training."""
    steps = found.history.experiment.steps
    return as_figure(build_noise(steps, found.noise, text), steps, key="player")


def build_noise(steps: int, found: GradientNoise, text: Text) -> Shown:
    """Make the clouds of angles and sizes, and how large their noise is against the step."""
    names, styles = [named(size, text) for size in SIZES], [style_of(size) for size in SIZES]
    angle = CloudAxis(
        text("small_steps.noise.angle"),
        "linear",
        (0.0, 180.0),
        90.0,
        text("small_steps.noise.uphill"),
        (0, 45, 90, 135, 180),
        saved="angle",
    )
    size = CloudAxis(
        text("small_steps.noise.size"),
        "log",
        (0.1, 30.0),
        1.0,
        text("small_steps.noise.as_long"),
        (0.1, 1, 10),
        "~g",
        saved="length",
    )
    clouds = [
        cloud_chart(cloud_frame(found, values, names, steps), names, styles, axis, step=steps)
        for values, axis in ((found.angle, angle), (found.size, size))
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
            chart.to_dict(validate=False),
            text(f"small_steps.noise.{name}_title"),
            text(f"small_steps.noise.{name}_alt"),
            columns=6,
            height=cloud_height(len(SIZES)) + 50,
            name=name,
        )
        for name, chart in zip(("angles", "sizes"), clouds, strict=True)
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
    note = text("small_steps.noise.note", draws=DRAWS, shown=SHOWN)
    return Shown(tuple(charts), read_out(names, styles, frame), _sentences(found, names, steps, text), (note,))


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
