"""What a reader who waits is told: what is done, the place in the queue, and the seconds."""

from types import SimpleNamespace

import pytest

from core.text import LANGUAGES, Text
from core.ui import results
from core.ui.trainer import Job
from core.ui.works import Computation


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("ahead", "seconds", "told"), [(0, 4.2, 4), (3, 9.6, 10), (0, 0.01, 1)])
def test_who_waits_reads_place_and_seconds(language, ahead, seconds, told, monkeypatch):
    text = Text(language)
    queue = SimpleNamespace(wait_of=lambda job: (ahead, seconds))
    monkeypatch.setattr(results, "_trainer", lambda: queue)
    job = Job("key", Computation(lambda progress: None, 1))
    first = text("wait.queue", ahead=ahead) if ahead else "…"
    assert results._status(job, "…", text) == first + text("result.space") + text("wait.left", seconds=told)
