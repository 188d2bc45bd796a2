"""What the page shows before anything is touched, computed ahead of its first visitor."""

from core.small_steps import BATCHES, SmallSteps
from core.text import LANGUAGES, Text
from core.ui.results import keep, keep_computed
from core.ui.small_steps import batches, few, lines, noise, rounds, walk


def warm() -> None:
    """Train and compute it all, and draw it in every language."""
    spec = SmallSteps()
    trained = {size: keep(spec.batched(size)) for size in BATCHES}
    many, small = keep(spec.many), keep(spec.few)
    keep_computed(*walk.walk_job(spec))
    keep_computed(*noise.noise_job(trained[32]))
    keep_computed(*few.held_out_job(small))
    for language in LANGUAGES:
        text = Text(language)
        walk.signs(spec, text)
        walk.giant(spec, text)
        batches.batches(trained, text)
        noise.noise(trained[32], text)
        lines.lines(spec, text)
        few.few(spec, text)
        rounds.rounds(many, text)
