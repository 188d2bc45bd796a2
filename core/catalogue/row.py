"""What tells one optimizer from another: its coefficients of the one rule, `core.engine.rule`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """Coefficients of the one rule for one optimizer; the defaults are plain SGD."""

    beta1: float = 0.0  # how much of the old direction m is kept
    c1: float = 1.0  # how much of the new gradient enters m
    beta2: float = 0.0  # how much of the old squared gradient v is kept
    c2: float = 0.0  # how much of the new squared gradient enters v
    a: float = 0.0  # how much √v divides the step
    floor: float = 1.0  # added to the divisor, never 0
    kappa: float = 0.0  # 1 corrects both moments for their start at zero
    nu: float = 0.0  # 1 looks ahead along m (Nesterov)
    coupled: float = 0.0  # λ, weight decay added to the gradient
    decoupled: float = 0.0  # λ′, weight decay taken off the parameters
    v0: float = 0.0  # v before the first step
