"""The points, and who walks."""

from core.clustering import Clustering
from core.link.forms import Flat
from core.ui.unknowns import CLUSTERING as FORM

__all__ = ["DEFAULTS", "FORM", "TRIES"]

DEFAULTS = (Clustering(),)
TRIES: dict[str, Flat] = {"two": {"kmeans.k": 2}}
