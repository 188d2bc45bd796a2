"""Small steps: which sign, how far at once, how much data for a step, when it is close enough, how many rounds."""

from pathlib import Path
from typing import Any

import streamlit as st

from core.export.rounds import rounds_script
from core.ui import controls
from core.ui import page_share as share
from core.ui import page_situation as situation
from core.ui.blocks import LOSS_VS_STEP, figure, next_page, things_to_try
from core.ui.language import current
from core.ui.prose import Prose
from core.ui.results import trained
from core.ui.small_steps import batches, few, lines, network, noise, rounds, walk
from core.ui.small_steps.here import PAGE, arrive, begin, settings
from core.ui.small_steps.shown import play, say, still

WALK_TRIES: dict[str, dict[str, Any]] = {
    "uphill": {"sign": "add", "sign.lr": 0.001},
    "shorter": {"walk.lr": 0.01},
    "longer": {"walk.lr": 0.3},
}
FEW_TRIES: dict[str, dict[str, Any]] = {
    "more": {"few.n": 200, "few.width": 100, "few.noise": 0.3},
    "narrow": {"few.n": 20, "few.width": 3, "few.noise": 0.3},
    "clean": {"few.n": 20, "few.width": 100, "few.noise": 0.0},
}
#: What their figures depend on.
NETWORK = ("data", "noise", "width", "act")
WALK = (*NETWORK, "sign", "sign.lr", "walk.lr")
FEW = ("data", "act", "few.n", "few.noise", "few.width", "few.draw")

text = current()
prose = Prose(Path(__file__).parent, text.language)


@st.fragment
def walks() -> None:
    """The two signs, and one giant step against many small ones."""
    here = arrive()
    with figure(text("small_steps.sign.figure")):
        walk.sign_controls(text)
        play(walk.signs(settings(here), text), LOSS_VS_STEP, walk.SIGN_STEPS, text)
    prose.show("giant")
    with figure(text("small_steps.giant.figure")):
        controls.ladder("walk.lr", text("small_steps.giant.control"))
        play(walk.giant(settings(here), text), "player.way", walk.WAY, text)
        things_to_try(here, "small_steps.walk", WALK_TRIES, text, WALK)


@st.fragment
def samples() -> None:
    """Batch sizes against each other, and how noisy their gradients are."""
    here = arrive()
    with figure(text("small_steps.batches.figure")):
        batches.batch_controls(text)
        found = batches.histories(settings(here), text)
        if found is None:
            return
        play(batches.batches(found, text), "player.batches", batches.FIRST, text)
        if note := batches.chosen_note(settings(here), text):
            st.caption(note)
    prose.show("noise")
    with figure(text("small_steps.noise.figure")):
        play(noise.noise(found[32], text), "player.noise", found[32].experiment.steps, text)


@st.fragment
def straight() -> None:
    """What a straight line can fit and what it cannot."""
    here = arrive()
    with figure(text("small_steps.line.figure")):
        controls.ladder("line.noise", text("small_steps.line.control"))
        play(lines.lines(settings(here), text), "player.lines", lines.STEPS, text)


@st.fragment
def memorised() -> None:
    """The loss on the points trained on, and on new ones."""
    here = arrive()
    with figure(text("small_steps.few.figure")):
        few.few_controls(text)
        spec = settings(here)
        play(few.few(spec, text), "player.few", spec.few.steps, text)
        things_to_try(here, "small_steps.few", FEW_TRIES, text, FEW)


@st.fragment
def targets() -> None:
    """How many steps each target takes, over seeds."""
    here = arrive()
    with figure(text("small_steps.rounds.figure")):
        rounds.round_controls(text)
        history = trained(settings(here).many, text)
        if history is not None:
            shown = rounds.rounds(history, text)
            still(text("small_steps.rounds.title"), shown.spec, shown.alt)
            say(shown.sentences, shown.notes)


here = arrive()
situation.show_problems(here, text)
st.title(text(f"shell.page.{PAGE}.title"))
prose.show("intro")
network.fold(text)
begin(here)
walks()
prose.show("batches")
samples()
prose.show("lines")
straight()
prose.show("few")
memorised()
prose.show("rounds")
targets()
prose.show("after_rounds")
share.bar(here, text, step=None, script=lambda: rounds_script(here.specs[0].many, text(f"shell.page.{PAGE}.title")))
next_page("small_steps", text)
