"""What is trained on data with outliers, and under which losses."""

from core.link.forms import Flat
from pages.objective.spec import DEFAULTS, PARAMETERS, TRAINING, fits_of, form_of

__all__ = ["DEFAULTS", "FORM", "TRIES"]

DATA = ("data", "n", "noise", "outliers.share", "outliers.size", "width", "act")
FORM = form_of("fits", *PARAMETERS, *DATA, *TRAINING, trains=fits_of)
TRIES: dict[str, Flat] = {
    "delta": {"huber.delta": 0.1, "fits": ("mse", "huber")},
    "quantile": {"quantile.tau": 0.9, "fits": ("l1", "quantile"), "outliers.share": 0.0},
    "own": {"own.expr": "where(abs(r) < 0.5, r**2, 0.25)", "fits": ("mse", "own")},
}
