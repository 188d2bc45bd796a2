"""The points and what walks among them, and its loss."""

import pandas as pd

from core.analysis.sentences import listed
from core.engine.walks import loss_frame
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import percent_exactly, sig
from pages.unknowns.forms import loss_series
from pages.unknowns.logistic.chart import SHADES, classes_chart
from pages.unknowns.logistic.compute import Boundaries
from pages.unknowns.planes import PLANE_HEIGHT, columns, domains, losses
from pages.unknowns.two_classes import WEIGHTS, Logistic, points_frame


def figure(found: Boundaries, specs: Specs, text: Text) -> Figure:
    """Return the loss, and every optimizer's boundary."""
    spec: Logistic = specs[0]
    classes, walked = found.classes, found.walked
    points = points_frame(classes)
    ends = domains(classes.x)
    frame = loss_frame(walked)
    charts = [losses(frame, "logistic", text)]
    for run, name in enumerate(spec.optimizers):
        weights = pd.DataFrame(walked.path[:, :, run].numpy(), columns=list(WEIGHTS))
        weights.insert(0, "step", range(spec.steps + 1))
        chart = classes_chart(points, weights, name, ends, step=spec.steps, height=PLANE_HEIGHT)
        title = text("unknowns.logistic.planes") if not run else ""
        alt = text("unknowns.logistic.plane_alt", name=name)
        share = columns(len(spec.optimizers))
        charts.append(Chart(chart.to_dict(validate=False), title, alt, share, PLANE_HEIGHT + 60, f"plane-{name}"))
    right = classes.right(walked.path[-1]).tolist()
    sentences = [
        text("unknowns.logistic.ends", name=name, loss=sig(loss), right=round(share * spec.points), count=spec.points)
        for name, loss, share in zip(spec.optimizers, walked.loss[-1].tolist(), right, strict=True)
    ]
    return Figure(
        tuple(charts),
        spec.steps,
        loss_series(frame),
        tuple(sentences),
        notes=(text("unknowns.logistic.note", shades=listed([percent_exactly(p) for p in SHADES[1:]], text)),),
        event=walked.event,
        key="loss_vs_step",
    )
