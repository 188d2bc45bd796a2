"""The older methods of the Unknowns page as the player shows them: logistic regression, and clustering."""

from dataclasses import dataclass

import pandas as pd
import torch

from core.analysis.sentences import listed
from core.charts.axes import Domain
from core.charts.classes import classes_chart
from core.charts.clusters import clusters_chart
from core.charts.descents import loss_chart
from core.engine.walks import Walk, loss_frame
from core.player import Chart, Series
from core.text import Text
from core.text.numbers import sig
from pages.unknowns import clustering
from pages.unknowns import two_classes as logistic
from pages.unknowns.clustering import Clustering
from pages.unknowns.forms import loss_axes, loss_series
from pages.unknowns.two_classes import WEIGHTS, Logistic

LOSS_HEIGHT, PLANE_HEIGHT = 200, 260
#: The column of Lloyd's algorithm beside those of optimizers.
LLOYD = "Lloyd"


@dataclass(frozen=True)
class Shown:
    """Charts for the player, and the result in sentences."""

    charts: tuple[Chart, ...]
    series: tuple[Series, ...]
    sentences: tuple[str, ...]


def build_logistic(spec: Logistic, text: Text) -> Shown:
    """Train the weights, and draw boundary and loss."""
    classes = logistic.draw(spec)
    walked = logistic.train(spec, classes)
    points = logistic.points_frame(classes)
    domains = _domains(classes.x)
    frame = loss_frame(walked)
    charts = [_losses(frame, "logistic", text)]
    for run, name in enumerate(spec.optimizers):
        weights = pd.DataFrame(walked.path[:, :, run].numpy(), columns=list(WEIGHTS))
        weights.insert(0, "step", range(spec.steps + 1))
        chart = classes_chart(points, weights, name, domains, step=spec.steps, height=PLANE_HEIGHT)
        title = text("unknowns.logistic.planes") if not run else ""
        alt = text("unknowns.logistic.plane_alt", name=name)
        columns = _columns(len(spec.optimizers))
        charts.append(Chart(chart.to_dict(validate=False), title, alt, columns, PLANE_HEIGHT + 60, f"plane-{name}"))
    right = classes.right(walked.path[-1]).tolist()
    sentences = [
        text("unknowns.logistic.ends", name=name, loss=sig(loss), right=round(share * spec.points), count=spec.points)
        for name, loss, share in zip(spec.optimizers, walked.loss[-1].tolist(), right, strict=True)
    ]
    return Shown(tuple(charts), loss_series(frame), tuple(sentences))


def build_clustering(spec: Clustering, text: Text) -> Shown:
    """Move the centres, by optimizers and by Lloyd's algorithm, and draw both."""
    cloud = clustering.draw(spec)
    walked = clustering.train(spec, cloud)
    iterated = clustering.lloyd(cloud)
    fixed = cloud.loss(iterated.T.contiguous())  # (iterations + 1,)
    frame = loss_frame(walked)
    frame[LLOYD] = [float(fixed[min(step, len(fixed) - 1)]) for step in range(spec.steps + 1)]
    called = {LLOYD: text("unknowns.kmeans.lloyd")}
    charts = [_losses(frame, "kmeans", text, called)]
    paths = {name: walked.path[:, :, run] for run, name in enumerate(spec.optimizers)} | {LLOYD: iterated}
    domains = _domains(cloud.x)
    for i, (name, path) in enumerate(paths.items()):
        chart = clusters_chart(
            clustering.points_frame(cloud, path),
            clustering.centres_frame(path),
            name,
            called.get(name, name),
            domains,
            step=spec.steps,
            height=PLANE_HEIGHT,
        )
        title = text("unknowns.kmeans.planes") if not i else ""
        alt = text("unknowns.kmeans.plane_alt", name=called.get(name, name), k=spec.k)
        columns = _columns(len(paths))
        charts.append(Chart(chart.to_dict(validate=False), title, alt, columns, PLANE_HEIGHT + 60, f"plane-{name}"))
    sentences = _clustering_sentences(spec, walked, fixed, text)
    return Shown(tuple(charts), loss_series(frame.rename(columns=called)), tuple(sentences))


def _clustering_sentences(spec: Clustering, walked: Walk, fixed: torch.Tensor, text: Text) -> list[str]:
    end = float(fixed[-1])
    sentences = [text("unknowns.kmeans.lloyd_ends", steps=len(fixed) - 1, loss=sig(end))]
    for run, name in enumerate(spec.optimizers):
        loss = float(walked.loss[-1, run])
        if (step := walked.diverged(name)) is not None:
            sentences.append(text("unknowns.diverged", name=name, step=step))
        elif (step := walked.within(name, 1.01 * end)) is None:
            sentences.append(text("unknowns.kmeans.above", name=name, loss=sig(loss), steps=spec.steps))
        else:
            key = "below" if loss < 0.99 * end else "same"
            sentences.append(text(f"unknowns.kmeans.{key}", name=name, loss=sig(loss), step=step))
    return sentences


def _losses(frame: pd.DataFrame, method: str, text: Text, called: dict[str, str] | None = None) -> Chart:
    names = [str(c) for c in frame if c != "step"]
    values = frame[names].to_numpy().ravel().tolist()
    high = 10 * float(frame[names].iloc[0].max())  # what diverges leaves the picture
    steps = len(frame) - 1
    axes = loss_axes([v for v in values if v <= high], steps, "linear", LOSS_HEIGHT)
    chart = loss_chart(frame, text(f"unknowns.{method}.loss"), axes, text, stepped=called)
    alt = text("unknowns.losses_alt", names=listed([(called or {}).get(n, n) for n in names], text), steps=steps)
    title = text(f"unknowns.{method}.losses")
    return Chart(chart.to_dict(validate=False), title, alt, 12, LOSS_HEIGHT + 60, "loss", True)


def _columns(count: int) -> int:
    """Return how many of 12 columns each of so many planes takes."""
    return 6 if count <= 2 else 4 if count % 3 == 0 or count > 4 else 3


def _domains(x: torch.Tensor) -> tuple[Domain, Domain]:
    """Return the ends of both axes for points (points, 2): all of them, with a margin."""
    low, high = x.amin(0), x.amax(0)
    margin = 0.08 * (high - low)
    (x1, y1), (x2, y2) = (low - margin).tolist(), (high + margin).tolist()
    return (x1, x2), (y1, y2)
