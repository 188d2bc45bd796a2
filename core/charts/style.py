"""Colours and dashes, readable on the light and on the dark background, and by colour-blind readers."""

from dataclasses import dataclass

Dash = tuple[int, ...]


@dataclass(frozen=True)
class Style:
    """How one line looks: `#RRGGBB` and dash lengths in pixels, `()` for a solid line."""

    colour: str
    dash: Dash = ()


#: Looks for rows of the catalogue that have none below: as far from those as the band allows.
SPARE = (Style("#87548B", (2, 4)), Style("#C5302F", (12, 2)), Style("#6161B5", (4, 4)), Style("#CF7B26", (16, 4)))


class _Looks(dict[str, Style]):
    """A row that is not listed has the next spare look, and keeps it."""

    def __missing__(self, name: str) -> Style:
        self[name] = SPARE[sum(look in SPARE for look in self.values()) % len(SPARE)]
        return self[name]


# Luminance stays in [0.125, 0.30], which is 3:1 on white and on #12161C alike. Hues were searched for the
# largest smallest distance in normal, protan, deutan and tritan vision; kin share a hue family.
OPTIMIZERS: dict[str, Style] = _Looks(
    {
        "SGD": Style("#1795FA"),
        "Momentum": Style("#F25914", (10, 3)),
        "Nesterov": Style("#A04F27", (6, 3)),
        "Adagrad": Style("#8F8E72", (3, 3)),
        "RMSprop": Style("#1F7F7F", (14, 3, 3, 3)),
        "Adam": Style("#D260BD", (5, 2)),
        "AdamW": Style("#8E3BD2", (8, 3, 2, 3, 2, 3)),
        "Custom": Style("#209F28", (20, 2)),
    }
)

# The optimizers' hues, chosen to be told apart; no chart shows losses and optimizers together.
LOSSES: dict[str, Style] = _Looks(
    {
        "mse": Style("#1795FA"),
        "l1": Style("#F25914", (10, 3)),
        "smooth_l1": Style("#A04F27", (6, 3)),
        "huber": Style("#8E3BD2", (8, 3, 2, 3)),
        "log_cosh": Style("#8F8E72", (3, 3)),
        "quantile": Style("#1F7F7F", (14, 3, 3, 3)),
        "own": Style("#D260BD", (5, 2)),
    }
)

NEUTRAL = "#7C828C"  # rules, and the words that name them
DIVERGED = "#C2342B"
#: What became of a run, in the order of the kinds; the same in every figure that shows it.
KINDS: dict[str, str] = {"diverged": DIVERGED, "constant": "#8A8F98", "below": "#3D66D0", "above": "#B8860B"}
#: Of an edge or a unit whose number is negative, or not.
SIGNS = ("#3D66D0", "#C2680F")
ON_SHADING = "#FFFFFF"  # glyphs on a shaded cell; at least 3:1 on every colour of this file

# Eleven colours as far apart from their neighbours as the band allows, in all four visions alike.
_RAMP = (
    "#3D66D0",
    "#6161B5",
    "#735BA2",
    "#87548B",
    "#974C77",
    "#A74260",
    "#B73648",
    "#C5302F",
    "#D34400",
    "#D46107",
    "#CF7B26",
)
_RATE_DASHES: tuple[Dash, ...] = ((), (7, 3), (2, 2))


def rate_styles(count: int) -> list[Style]:
    """`count` styles from low (blue) to high (amber); neighbours differ in dash too."""
    last = len(_RAMP) - 1
    places = [last * i / max(count - 1, 1) for i in range(count)]
    return [Style(_between(place), _RATE_DASHES[i % 3]) for i, place in enumerate(places)]


def _between(place: float) -> str:
    """The colour at a place in [0, 10] along the ramp."""
    i = min(int(place), len(_RAMP) - 2)
    pairs = zip(_channels(_RAMP[i]), _channels(_RAMP[i + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * (place - i)):02X}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
