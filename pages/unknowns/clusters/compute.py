"""The centres of clusters, moved by optimizers and by Lloyd's algorithm."""

from dataclasses import dataclass

from torch import Tensor

from core.engine.asking import Ask
from core.engine.walks import Walk
from core.link.forms import Specs
from pages.unknowns.clustering import Cloud, Clustering, draw, lloyd, train


@dataclass(frozen=True)
class Moved:
    """The points, and the centres' ways among them."""

    cloud: Cloud
    walked: Walk
    iterated: Tensor  # (iterations + 1, 2k), Lloyd's

    @property
    def lloyds(self) -> list[float]:
        """The loss before and after each of Lloyd's iterations."""
        return self.cloud.loss(self.iterated.T.contiguous()).tolist()


def compute(specs: Specs, ask: Ask) -> Moved:
    """Draw the points and move the centres."""
    spec: Clustering = specs[0]
    return ask.kept(f"centres?{spec!r}", lambda: _moved(spec))


def _moved(spec: Clustering) -> Moved:
    cloud = draw(spec)
    return Moved(cloud, train(spec, cloud), lloyd(cloud))
