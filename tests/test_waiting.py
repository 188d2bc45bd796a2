"""What a reader who waits is told: what is done, the place in the queue, and the seconds."""

import threading

import pytest

from core.spec import BUDGET
from core.text import LANGUAGES, Text
from core.ui import results
from core.ui.kept import Kept
from core.ui.pace import BUDGET_SECONDS
from core.ui.trainer import Trainer
from core.ui.works import Computation

SECOND = BUDGET / BUDGET_SECONDS  # units


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_waits_reads_place_and_seconds(language, monkeypatch):
    queue, text = Trainer(Kept()), Text(language)
    monkeypatch.setattr(results, "_trainer", lambda: queue)
    begun, let_go = threading.Event(), threading.Event()

    def first(progress):
        begun.set()
        let_go.wait(10)

    jobs = [queue.join("first", Computation(first, 4 * SECOND))]
    assert begun.wait(5)
    jobs.append(queue.join("second", Computation(lambda progress: None, 6 * SECOND)))
    assert (
        results._status(jobs[0], "Training.", text) == f"Training.{text('result.space')}{text('wait.left', seconds=4)}"
    )
    place = text("wait.queue", ahead=1)
    assert (
        results._status(jobs[1], "Training.", text) == f"{place}{text('result.space')}{text('wait.left', seconds=10)}"
    )
    let_go.set()
    assert jobs[1].done.wait(5)
