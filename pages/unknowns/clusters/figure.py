"""The points and what walks among them, and its loss."""

from core.engine.walks import Walk, loss_frame
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import sig
from pages.unknowns.clustering import Clustering, centres_frame, points_frame
from pages.unknowns.clusters.chart import clusters_chart
from pages.unknowns.clusters.compute import Moved
from pages.unknowns.forms import loss_series
from pages.unknowns.planes import PLANE_HEIGHT, columns, domains, losses

#: The column of Lloyd's algorithm beside those of optimizers.
LLOYD = "Lloyd"


def figure(found: Moved, specs: Specs, text: Text) -> Figure:
    """Return the loss, and the way of the centres of every optimizer and of Lloyd's algorithm."""
    spec: Clustering = specs[0]
    cloud, walked, lloyds = found.cloud, found.walked, found.lloyds
    frame = loss_frame(walked)
    frame[LLOYD] = [lloyds[min(step, len(lloyds) - 1)] for step in range(spec.steps + 1)]
    called = {LLOYD: text("unknowns.kmeans.lloyd")}
    charts = [losses(frame, "kmeans", text, called)]
    paths = {name: walked.path[:, :, run] for run, name in enumerate(spec.optimizers)} | {LLOYD: found.iterated}
    ends = domains(cloud.x)
    for i, (name, path) in enumerate(paths.items()):
        chart = clusters_chart(
            points_frame(cloud, path),
            centres_frame(path),
            name,
            called.get(name, name),
            ends,
            step=spec.steps,
            height=PLANE_HEIGHT,
        )
        title = text("unknowns.kmeans.planes") if not i else ""
        alt = text("unknowns.kmeans.plane_alt", name=called.get(name, name), k=spec.k)
        share = columns(len(paths))
        charts.append(Chart(chart.to_dict(validate=False), title, alt, share, PLANE_HEIGHT + 60, f"plane-{name}"))
    return Figure(
        tuple(charts),
        spec.steps,
        loss_series(frame.rename(columns=called)),
        tuple(_sentences(spec, walked, lloyds, text)),
        event=walked.event,
        key="loss_vs_step",
    )


def _sentences(spec: Clustering, walked: Walk, lloyds: list[float], text: Text) -> list[str]:
    end = lloyds[-1]
    sentences = [text("unknowns.kmeans.lloyd_ends", steps=len(lloyds) - 1, loss=sig(end))]
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
