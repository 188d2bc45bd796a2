"""How a figure shows an experiment: frozen, validated, in the link like the experiment itself."""

from dataclasses import dataclass

from core.spec.checks import choice, number, whole


@dataclass(frozen=True)
class View:
    """How a figure shows an experiment: never what is trained, except `rates`."""

    scale: str = "linear"  # of the loss axis: linear or log
    smooth: float = 0.9  # weight of the past in the smoothed line, 0 for none
    full: bool = False  # draw the full-data loss too
    rates: str = "same"  # one common learning rate, or each optimizer at its own best
    by: str = "optimizer"  # small multiples: a panel per optimizer, or per rate
    step: int | None = None  # the step to open at; None: the last

    def __post_init__(self) -> None:
        choice("scale", self.scale, ("linear", "log"))
        choice("rates", self.rates, ("same", "best"))
        choice("by", self.by, ("optimizer", "rate"))
        object.__setattr__(self, "smooth", number("smooth", self.smooth, 0, 0.99))
        if not isinstance(self.full, bool):
            raise ValueError(f"full={self.full!r} is not true or false")
        if self.step is not None:
            whole("step", self.step, 0, 10**6)
