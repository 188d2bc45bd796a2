"""The widgets: one per link name, keyed by it, their choices on ladders that keep any value a link brings."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.analysis.noise_floor import TARGETS, noise_floor, usual_target
from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.catalogue.losses import LOSSES
from core.catalogue.optimizers import METHODS
from core.expression.operations import LONGEST
from core.expression.parser import Refused, parse
from core.link.forms import build_loss, loss_parameter
from core.spec.experiment import LADDER, Loss
from core.text import Text
from core.text.numbers import percent_exactly, sig
from core.ui.markdown import escaped

#: The choices a slider offers; a value beside them, from a link, is added while it is chosen.
LADDERS: dict[str, tuple[Any, ...]] = {
    "lr": LADDER,
    "noise": (0.0, 0.02, 0.05, 0.1, 0.2, 0.5),
    "n": (50, 100, 200, 500, 1000, 2000),
    "outliers.share": (0.0, 0.01, 0.02, 0.05, 0.1, 0.2),
    "outliers.size": (-2.0, -1.0, 0.0, 1.0, 2.0, 5.0),
    "width": (1, 2, 3, 5, 10, 20, 50, 100, 128),
    "batch": (1, 4, 8, 16, 32, 64, 128, 256, "full"),
    "epochs": (1, 2, 4, 8, 12, 20, 40, 100),
    "seeds": (1, 3, 5, 8, 16, 32),
    "target": TARGETS,
    "smooth": (0.0, 0.5, 0.8, 0.9, 0.95, 0.98),
    "steps": (30, 60, 120, 240),
    "logistic.gap": (0.0, 1.0, 2.0, 2.5, 3.0, 4.0, 6.0),
    "kmeans.spread": (0.1, 0.3, 0.6, 1.0, 1.5),
    "kmeans.n": (50, 100, 200, 400),
    "few.n": (8, 12, 20, 50, 100, 200, 500),
    "few.draw": (1, 2, 3, 4, 5, 6, 7, 8),
    "rounds.seeds": (10, 30, 100, 200),
    "unit.w": tuple(i / 4 for i in range(-16, 17)),
    "unit.b": tuple(i / 4 for i in range(-16, 17)),
    "unit.v": tuple(i / 4 for i in range(-16, 17)),
    "chain.x": (-1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0),
    "chain.y": tuple(i / 2 for i in range(-8, 9)),
    "r.1": (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0),
    "r.2": (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0),
    "r.3": (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0),
    "z.1": (-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0),
    "z.2": (-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0),
    "z.3": (-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0),
    "grad.width": (1, 2, 4, 8, 12, 16),
    "fd.eps": (0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10),
}


def number(value: Any) -> str:
    """Return a choice as its label: 1e-08 as 1e−8, 3.0 as 3; the sign is U+2212."""
    if not isinstance(value, float):
        return str(value)
    label = f"{value:g}"
    if value and abs(value) < 0.0001:
        mantissa, exponent = f"{value:e}".split("e")
        label = f"{float(mantissa):g}e{int(exponent)}"
    return label.replace("-", "−")


def _rank(value: Any) -> float:
    return float("inf") if isinstance(value, str) else float(value)


def _of_rows() -> dict[str, tuple[float, ...]]:
    """Return the ladders that rows of the catalogue have, by link name."""
    found = {f"{m.name.lower()}.{h.name}": h.ladder for m in METHODS.values() for h in m.hyperparameters}
    takes = {loss_parameter(kind.name): kind.ladder for kind in LOSSES.values()}
    return found | {name: ladder for name, ladder in takes.items() if name and name != loss_parameter("own")}


#: The choices of each parameter of an optimizer or a loss.
ROW_LADDERS = _of_rows()


def ladder_of(name: str) -> tuple[Any, ...]:
    """Return the ladder of a link name, or of its last part; empty if there is none."""
    return ROW_LADDERS.get(name) or LADDERS.get(name) or LADDERS.get(name.rpartition(".")[2], ())


def rungs(name: str) -> list[Any]:
    """Return the choices of the ladder of a link name, the value it has among them."""
    choices = ladder_of(name)
    falling = choices[0] != "full" and _rank(choices[0]) > _rank(choices[-1])
    return sorted({*choices, st.session_state[name]}, key=_rank, reverse=falling)


def ladder(
    name: str, label: str, help: str | None = None, show: Callable[[Any], str] = number, disabled: bool = False
) -> None:
    """Show a slider over the ladder of the link name's last part."""
    st.select_slider(label, rungs(name), format_func=show, key=name, help=help, disabled=disabled)


def pick(
    name: str,
    label: str,
    options: Sequence[str],
    show: Callable[[str], str],
    on_change: Callable[[], None] | None = None,
) -> None:
    """Show a list to choose one from."""
    st.selectbox(label, options, format_func=show, key=name, on_change=on_change)


def either(name: str, label: str, options: Sequence[Any], show: Callable[[Any], str]) -> None:
    """Show a few options side by side, one of them chosen."""
    st.segmented_control(label, options, format_func=lambda v: escaped(show(v)), key=name, required=True)


def optimizers(text: Text) -> None:
    """Choose which optimizers take part, at least one."""
    st.pills(text("control.opt"), tuple(METHODS), selection_mode="multi", key="opt")


def hyperparameters(names: Sequence[str], text: Text, *, own: bool = True) -> None:
    """Show every hyperparameter of the chosen optimizers under its PyTorch name, and, if `own`, a rate of its own."""
    with st.grid(min(len(names), 3)) as grid:
        for name in names:
            with grid.cell():
                st.markdown(f"**{name}**")
                for h in METHODS[name].hyperparameters:
                    ladder(f"{name.lower()}.{h.name}", f"`{h.name}`")
                if own:
                    own_rate(name, text)


def own_rate(name: str, text: Text) -> None:
    """Let an optimizer take a learning rate of its own."""
    key = f"{name.lower()}.lr"
    options = [None, *sorted({*LADDER, *({st.session_state[key]} - {None})})]
    common = text("control.common_rate")
    st.select_slider("`lr`", options, format_func=lambda v: common if v is None else number(v), key=key)


def data_and_network(text: Text) -> None:
    """Show what the data and the network are."""
    pick("data", text("control.data"), tuple(DATA_SETS), lambda v: text(f"data.{v}"))
    ladder("noise", text("control.noise"))
    ladder("n", text("control.n"))
    ladder("outliers.share", text("control.outliers_share"), show=percent_exactly)
    ladder("outliers.size", text("control.outliers_size"))
    ladder("width", text("control.width"))
    pick("act", text("control.act"), tuple(ACTIVATIONS), lambda v: text(f"activation.{v}"))
    pick("loss", text("control.loss"), tuple(LOSSES), lambda v: text(f"loss.{v}"), on_change=_retarget)
    loss_parameters((st.session_state["loss"],), text)


def loss_parameters(names: Sequence[str], text: Text) -> None:
    """Show the parameters of these losses, where they have one."""
    for name in names:
        if name == "own":
            expression(text)
        elif parameter := loss_parameter(name):
            ladder(parameter, f"{text(f'loss.{name}')}: `{LOSSES[name].parameter}`")


def expression(text: Text) -> None:
    """Let the reader write a loss; what is none is marked where it goes wrong, with the reason."""
    key = loss_parameter("own")
    st.text_input(text("control.own"), key=key, help=escaped(text("control.own_help")))
    written = st.session_state[key]
    try:
        parse(written)
    except Refused as bad:
        st.code(f"{written[: LONGEST + 1]}\n{' ' * (bad.place - 1)}↑", language=None)
        why = text(f"link.reason.expression.{bad.reason}", place=bad.place, allowed=bad.allowed)
        st.error(escaped(why))


def _loss() -> Loss:
    """Return the loss that the widgets say; raise Refused where an own one is none."""
    return build_loss(st.session_state["loss"], {str(k): v for k, v in st.session_state.items()})


def _noise() -> tuple[float, float, float]:
    return tuple(st.session_state[name] for name in ("noise", "outliers.share", "outliers.size"))


def _retarget() -> None:
    """Move the target to where it makes sense for the loss just chosen."""
    try:
        loss = _loss()
    except Refused:
        return
    st.session_state["target"] = usual_target(loss, *_noise())


def _target_help(text: Text) -> str:
    try:
        floor = noise_floor(_loss(), *_noise())
    except Refused:
        floor = float("nan")
    return text("control.target_help", loss=text(f"loss.{st.session_state['loss']}"), floor=sig(floor))


def batch(text: Text) -> None:
    """Choose the batch size, up to all points."""
    full = text("control.full_batch")
    ladder("batch", text("control.batch"), show=lambda v: full if v == "full" else number(v))


def training(text: Text, *, drawn: bool = True, full: bool = True) -> None:
    """Show how the training goes and, if `drawn`, how its losses are drawn, those on all data too if `full`."""
    batch(text)
    ladder("epochs", text("control.epochs"))
    ladder("seeds", text("control.seeds"), help=text("control.seeds_help"))
    ladder("target", text("control.target"), help=_target_help(text))
    if drawn:
        ladder("smooth", text("control.smooth"), help=text("control.smooth_help"))
    if drawn and full:
        st.toggle(text("control.full"), key="full")


def rates(offered: Sequence[float], text: Text) -> None:
    """Choose the learning rates that are drawn, at least one."""
    options = sorted({*offered, *st.session_state["lr"]})
    st.pills(text("control.lrs"), options, selection_mode="multi", format_func=number, key="lr")
