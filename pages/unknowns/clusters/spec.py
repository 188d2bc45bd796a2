"""The points, and who walks."""

from core.link.forms import Flat
from pages.unknowns.clustering import Clustering
from pages.unknowns.forms import CLUSTERING as FORM

__all__ = ["DEFAULTS", "FORM", "TRIES"]

DEFAULTS = (Clustering(),)
TRIES: dict[str, Flat] = {"two": {"kmeans.k": 2}}
