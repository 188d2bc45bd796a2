"""A scene on the screen: question, controls, figure, result, things to try, and what is folded away."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.link.forms import Specs
from core.player import Plane
from core.player.component import chosen_point, chosen_rate, picked, player
from core.player.figure import Figure
from core.text import Text
from core.ui import share
from core.ui.drawing import drawing, give_way, let_paint
from core.ui.glossary import explained
from core.ui.language import current
from core.ui.parted import parted_sentences
from core.ui.prose import Prose
from core.ui.queued import NotNow, Queued, figure_of
from core.ui.results import twin
from core.ui.scene import Scene
from core.ui.sections import ROOT
from core.ui.situation import Situation, arrive, lowered

#: More sentences of result than these are a list.
SEVERAL = 2
AREAS = ("question", "controls", "tries", "figure", "result", "folds", "more")


@st.fragment
def show(scene: Scene) -> None:
    """Show a scene; whatever the reader changes in it draws it again, and nothing else."""
    text = current()
    here = arrive(scene)
    with st.container(key="scene"):
        area = {name: st.container(key=name) for name in AREAS}
    with area["controls"]:
        scene.controls(text)
        beside = st.container(key="beside") if scene.beside else None
    with area["folds"]:
        _folds(scene, here.specs, text)
    specs = here.read()
    with area["question"]:
        notice = _question(here, text)
    with area["tries"]:
        _tries(here, text)
    with drawing(), area["figure"]:
        _refusal(here, text)
        shown = _figure_and_result(here, specs, notice, area["result"], text)
    with area["more"]:
        table = st.container() if shown and shown.figure.table is not None else None
        _more(here, specs, text)
    if shown is None:
        return
    if shown.figure.charts:
        let_paint()
    if scene.beside and beside:
        with beside:
            scene.beside(shown.result, specs, text)
    with drawing(), area["figure"]:
        scene.below(shown.result, specs, text, shown.step)
    if table is not None:
        table.table(shown.figure.table, hide_index=True, border="horizontal")
    _one_of_many(scene, shown, text)


def _question(here: Situation, text: Text) -> DeltaGenerator:
    """Show the question and what comes under it; return where the problems of a link are named."""
    word = here.scene.word
    st.title(text(word("question")), anchor=False)
    notice = st.empty()
    _name_problems(here, notice, text)
    if here.hint:
        st.info(text(word(f"try.{here.hint}_look")), icon=":material/visibility:")
    else:
        st.markdown(text(word("lead")))
    return notice


def _name_problems(here: Situation, notice: DeltaGenerator, text: Text) -> None:
    if here.problems:
        with notice.container(gap="xsmall"):
            st.warning(text("link.notice"), icon=":material/link_off:")
            st.text("\n".join(problem.line(text) for problem in here.problems))


def _folds(scene: Scene, specs: Specs, text: Text) -> None:
    for name, fill in scene.folds.items():
        fold = st.expander(text(f"control.more_{name}"), key=f"fold.{name}", type="compact", on_change="rerun")
        if fold.open:
            with fold:
                fill(specs, text)


def _tries(here: Situation, text: Text) -> None:
    for name in here.scene.tries:
        st.button(
            text(here.scene.word(f"try.{name}")),
            key=f"try.{name}",
            icon=":material/science:",
            on_click=here.try_out,
            args=(name,),
        )


def _refusal(here: Situation, text: Text) -> None:
    """Say why the widgets' last values were not taken, and what to lower."""
    if here.refused:
        ways = dict.fromkeys(text(f"control.lower.{lowered(name)}") for name in here.ways_out)
        st.warning(text(here.refused, ways=text("result.listing").join(ways)), icon=":material/block:")


@dataclass(frozen=True)
class _Shown:
    """What is on the screen: the scene's result and figure, where the reader rests, and where rounding is spoken of."""

    result: Any
    figure: Figure
    step: int | None
    rounding: DeltaGenerator


def _figure_and_result(
    here: Situation, specs: Specs, notice: DeltaGenerator, result_area: DeltaGenerator, text: Text
) -> _Shown | None:
    """Draw what the scene computes and say it in words; None while that cannot be computed."""
    scene = here.scene
    try:
        result = scene.compute(specs, Queued(text))
    except NotNow:
        return None
    if scene.notes is None:
        figure = figure_of(scene, result, specs, text)
    else:
        result = (result, scene.notes(specs))
        figure = scene.figure(result, specs, text)
    if figure.steps and here.refuse_step_beyond(figure.steps):
        _name_problems(here, notice, text)
    step = _player(here, figure, text)
    with result_area:
        _result(figure, text)
        rounding = st.container()
        share.buttons(here, step, text)
    return _Shown(result, figure, step, rounding)


def _player(here: Situation, figure: Figure, text: Text) -> int | None:
    if not figure.charts:
        return None
    usual = figure.steps if figure.opens is None else figure.opens
    return player(
        figure.charts,
        steps=figure.steps,
        step=usual if here.step is None else here.step,
        usual=usual,
        event=figure.event,
        series=figure.series,
        text=text,
        key=figure.key,
        on_step=(lambda: None) if figure.followed else None,
        plane=figure.plane,
        on_point=_taken(here, figure.key, figure.plane) if figure.plane else None,
        on_pick=_pick(here, figure) if figure.picks else None,
        holds=figure.holds,
        file="-".join((here.scene.page, here.scene.key)).replace("_", "-"),
    )


def _taken(here: Situation, key: str, plane: Plane) -> Callable[[], None]:
    """Return what takes over the point that the reader lets go of."""

    def take() -> None:
        if point := chosen_point(key, plane):
            rate = chosen_rate(key, plane.hand) if plane.hand else None
            chosen = {plane.hand.name: rate} if plane.hand and rate is not None else {}
            here.set(dict(zip(plane.names, point, strict=True)) | chosen)

    return take


def _pick(here: Situation, figure: Figure) -> Callable[[], None]:
    """Return what takes over the mark that the reader presses."""

    def take() -> None:
        name = picked(figure.key)
        with suppress(ValueError):  # what a browser sends may be anything
            here.scene.form.admit(here.flat | {figure.picks: name})
            here.set({figure.picks: name})

    return take


def _result(figure: Figure, text: Text) -> None:
    if len(figure.sentences) > SEVERAL or any("**" in sentence for sentence in figure.sentences):
        st.markdown("\n".join(f"- {sentence}" for sentence in figure.sentences))
    elif figure.sentences:
        st.markdown(f"**{text('result.space').join(figure.sentences)}**")
    for note in figure.notes:
        st.caption(note)


def _one_of_many(scene: Scene, shown: _Shown, text: Text) -> None:
    """Say, at the end and in its place above, what rounding decides: that takes a training of its own."""
    give_way()
    with shown.rounding:
        for history in scene.curves(shown.result):
            if other := twin(history, text):
                for sentence in parted_sentences(history, other, text):
                    st.caption(sentence)


def _more(here: Situation, specs: Specs, text: Text) -> None:
    scene = here.scene
    st.markdown(text("scene.say", words=text(scene.word("say"))))
    if scene.script is not None:
        fold = st.expander(text("scene.code"), key="fold.code", icon=":material/code:", on_change="rerun")
        if fold.open:
            with fold:
                share.script(here, specs, text)
    fold = st.expander(text("scene.why"), key="fold.why", icon=":material/help:", on_change="rerun")
    if fold.open:
        with fold:
            prose = Prose(ROOT / "pages" / scene.page, text.language)
            prose.show(scene.key, explained(scene, prose(scene.key), text))
