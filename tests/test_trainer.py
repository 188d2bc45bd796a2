"""The queue in front of the one baton: who computes, who gives way, who is told to come back."""

import threading
import time
from dataclasses import dataclass

import pytest
import torch

from core.spec.experiment import BUDGET
from core.ui.kept import Kept
from core.ui.pace import BUDGET_SECONDS, Pace
from core.ui.trainer import MAX_PAUSED, Busy, Trainer
from core.ui.works import Computation

SECOND = BUDGET / BUDGET_SECONDS  # units


def work(call, seconds: float = 0.1) -> Computation:
    return Computation(call, seconds * SECOND)


def trainer() -> Trainer:
    return Trainer(Kept())


def held(queue: Trainer, key: str = "held", seconds: float = 0.1):
    """Join a job that runs until it is let go or cancelled, and stays at the share it is at."""
    begun, let_go = threading.Event(), threading.Event()

    def call(progress):
        begun.set()
        while not let_go.wait(0.01):
            progress(0.0)
        return key

    job = queue.join(key, work(call, seconds))
    assert begun.wait(5)
    return job, let_go


def test_a_job_gives_its_result():
    job = trainer().join("a", work(lambda progress: 42))
    assert job.done.wait(5)
    assert (job.result, job.error) == (42, None)


def test_the_same_key_is_computed_once():
    queue = trainer()
    job, let_go = held(queue)
    assert queue.join("held", work(lambda progress: None)) is job
    assert job.waiters == 2
    let_go.set()
    assert job.done.wait(5)


def test_a_result_is_kept_before_anybody_hears_of_it():
    """Who asks just after a job has ended never starts it again."""
    for _ in range(50):
        calls: list[int] = []
        queue = trainer()

        def call(progress, calls=calls):
            calls.append(1)
            return 7

        def ask(queue=queue, call=call):
            for _ in range(20):
                job = queue.join("a", work(call))
                job.done.wait(5)
                assert job.result == 7
                queue.leave(job)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
        assert len(calls) == 1


def test_the_shorter_of_two_that_wait_comes_first():
    queue = trainer()
    _, let_go = held(queue)
    order: list[str] = []
    jobs = [
        queue.join(k, work(lambda progress, k=k: order.append(k) or k, s)) for k, s in (("b", 3), ("c", 1), ("d", 2))
    ]
    assert [queue.wait_of(job)[0] for job in jobs] == [3, 1, 2]
    let_go.set()
    assert all(job.done.wait(5) for job in jobs)
    assert order == ["c", "d", "b"]


def test_a_long_job_gives_way_to_a_short_one_and_goes_on_after_it():
    queue = trainer()
    long, let_go = held(queue, "long", 10)
    short = queue.join("short", work(lambda progress: threading.current_thread().ident, 1))
    assert short.done.wait(5)
    assert not long.done.is_set()
    let_go.set()
    assert long.done.wait(5)
    assert long.result == "long"


def test_a_job_gives_way_to_none_that_takes_longer():
    queue = trainer()
    short, let_go = held(queue, "short", 0.5)
    long = queue.join("long", work(lambda progress: None, 10))
    assert not long.done.wait(0.2)
    assert queue.wait_of(long)[0] == 1
    let_go.set()
    assert long.done.wait(5)
    assert short.done.wait(5)


def test_what_is_spare_gives_way_to_any_other_until_a_reader_asks_for_it():
    queue = trainer()
    begun, let_go = threading.Event(), threading.Event()

    def call(progress):
        begun.set()
        while not let_go.wait(0.01):
            progress(0.0)

    spare = queue.join("spare", work(call, 0.5), spare=True)
    assert begun.wait(5)
    longer, longer_let_go = held(queue, "longer", 5)
    assert queue.wait_of(spare)[0] == 0, "it has begun"
    assert not spare.done.wait(0.1)
    let_go.set()
    assert not spare.done.wait(0.1), "it goes on only after the longer one"
    assert queue.join("spare", work(call, 0.5)) is spare
    assert spare.done.wait(5), "now it is the shorter of two"
    assert not longer.done.is_set()
    longer_let_go.set()
    assert longer.done.wait(5)


def test_those_that_gave_way_go_on_with_the_least_left_first():
    queue = trainer()
    order: list[str] = []
    pauses = [held(queue, name, seconds) for name, seconds in (("a", 9), ("b", 6), ("c", 3))]
    for (job, let_go), name in zip(reversed(pauses), "cba", strict=True):
        let_go.set()
        assert job.done.wait(5)
        order.append(name)
    assert order == ["c", "b", "a"]


def test_no_more_give_way_than_memory_allows():
    queue = trainer()
    pauses = [held(queue, str(i), 9 - i) for i in range(MAX_PAUSED + 1)]
    shortest = queue.join("shortest", work(lambda progress: None, 0.1))
    assert not shortest.done.wait(0.2)
    for _, let_go in pauses:
        let_go.set()
    assert shortest.done.wait(5)
    assert all(job.done.wait(5) for job, _ in pauses)


def test_whoever_gives_way_finds_its_thread_as_it_was():
    """Denormals, inference mode and exceptions of one work are none of another's."""
    queue = trainer()
    begun, let_go = threading.Event(), threading.Event()
    seen: list[tuple[bool, bool]] = []

    def denormals_stay() -> bool:
        return bool(torch.full((8,), 1e-39).mul(0.5).any())

    def long(progress):
        torch.set_flush_denormal(True)
        with torch.inference_mode():
            begun.set()
            while not let_go.wait(0.01):
                progress(0.0)
            seen.append((denormals_stay(), torch.is_inference_mode_enabled()))

    def short(progress):
        seen.append((denormals_stay(), torch.is_inference_mode_enabled()))
        raise ZeroDivisionError

    first = queue.join("long", work(long, 10))
    assert begun.wait(5)
    second = queue.join("short", work(short, 1))
    assert second.done.wait(5)
    assert isinstance(second.error, ZeroDivisionError)
    let_go.set()
    assert first.done.wait(5)
    assert first.error is None
    assert seen == [(True, False), (False, True)]


def test_the_queue_is_bounded_by_the_time_it_takes():
    queue = trainer()
    _, let_go = held(queue, "held", 12)
    many = [queue.join(str(i), work(lambda progress: None, 0.01)) for i in range(100)]  # many short ones are no bother
    last = queue.join("last", work(lambda progress: None, 13))
    with pytest.raises(Busy):  # 12 and 13 seconds come before it
        queue.join("one too many", work(lambda progress: None, 14))
    short = queue.join("short", work(lambda progress: None, 1))
    let_go.set()
    assert all(job.done.wait(5) for job in [*many, last, short])
    again = queue.join("one too many", work(lambda progress: 3, 14))
    assert again.done.wait(5)
    assert again.result == 3


def test_who_waits_is_told_place_and_seconds():
    queue = trainer()
    first, let_go = held(queue, "first", 4)
    second = queue.join("second", work(lambda progress: None, 5))
    third = queue.join("third", work(lambda progress: None, 6))
    places = [queue.wait_of(job) for job in (first, second, third)]
    assert [ahead for ahead, _ in places] == [0, 1, 2]
    for (_, seconds), expected in zip(places, (4, 9, 15), strict=True):
        assert seconds == pytest.approx(expected, abs=1)
    let_go.set()
    assert third.done.wait(5)
    assert queue.wait_of(third) == (0, 0.0)


def test_seconds_follow_what_was_measured():
    pace = Pace()
    assert pace.seconds(SECOND) == pytest.approx(1)
    for _ in range(100):
        pace.note(SECOND, 3.0)
    assert pace.seconds(SECOND) == pytest.approx(3, rel=0.01)


def test_a_job_stops_when_the_last_one_leaves():
    queue = trainer()
    job, _ = held(queue)
    queue.join("held", work(lambda progress: None))
    queue.leave(job)
    assert not job.done.wait(0.1)
    queue.leave(job)
    assert job.done.wait(5)
    assert job.result is None


def test_one_that_gave_way_stops_when_the_last_one_leaves():
    queue = trainer()
    long, _ = held(queue, "long", 10)
    short, let_go = held(queue, "short", 1)
    queue.leave(long)
    assert long.done.wait(5)  # at once, not after the short one
    assert not short.done.is_set()
    let_go.set()
    assert short.done.wait(5)


def test_who_leaves_the_queue_is_never_computed():
    queue = trainer()
    _, let_go = held(queue)
    ran: list[int] = []
    job = queue.join("b", work(lambda progress: ran.append(1), 1))
    queue.leave(job)
    let_go.set()
    last = queue.join("c", work(lambda progress: None, 2))
    assert last.done.wait(5)
    assert not ran


def test_a_cancelled_job_is_not_joined_again():
    queue = trainer()
    job, _ = held(queue)
    queue.leave(job)
    again = queue.join("held", work(lambda progress: "anew"))
    assert again is not job
    assert again.done.wait(5)
    assert again.result == "anew"


def test_an_error_reaches_who_waits_and_the_queue_goes_on():
    queue = trainer()
    job = queue.join("a", work(lambda progress: 1 / 0))
    assert job.done.wait(5)
    assert isinstance(job.error, ZeroDivisionError)
    after = queue.join("b", work(lambda progress: 1))
    assert after.done.wait(5)
    assert after.result == 1


@dataclass(frozen=True)
class Added:
    """A work that can be done with others of its kin: numbers, at most four at once."""

    numbers: tuple[int, ...]
    log: list
    kin: str = "numbers"
    units: float = SECOND
    added: float = SECOND / 10
    later: bool = False

    def joined(self, other):
        both = (*self.numbers, *other.numbers)
        return Added(both, self.log) if len(both) <= 4 else None

    def do(self, progress):
        self.log.append(self.numbers)
        return list(self.numbers) if len(self.numbers) > 1 else self.numbers[0]


def test_works_of_one_kin_are_done_as_one_and_each_gets_its_own():
    queue = trainer()
    _, let_go = held(queue)
    log: list[tuple[int, ...]] = []
    jobs = [queue.join(str(i), Added((i,), log)) for i in range(6)]
    stranger = queue.join("stranger", Added((9,), log, kin="others"))
    ahead, seconds = queue.wait_of(jobs[0])
    assert ahead == 1  # only the one that is held
    assert seconds == pytest.approx(0.1 + 1 + 0.5, abs=0.3)
    queue.leave(jobs[5])
    let_go.set()
    assert all(job.done.wait(5) for job in [*jobs[:5], stranger])
    assert [job.result for job in jobs[:5]] == [0, 1, 2, 3, 4]
    assert log == [(0, 1, 2, 3), (4,), (9,)]


def test_sixty_of_one_kin_are_not_sent_away():
    queue = trainer()
    _, let_go = held(queue, "held", 15)
    log: list[tuple[int, ...]] = []
    jobs = [queue.join(str(i), Added((i,), log)) for i in range(60)]
    let_go.set()
    assert all(job.done.wait(5) for job in jobs)


def test_one_of_many_that_leaves_does_not_stop_the_others():
    queue = trainer()
    _, let_go = held(queue)
    begun, goes_on = threading.Event(), threading.Event()

    @dataclass(frozen=True)
    class Both(Added):
        def joined(self, other):
            return Both((*self.numbers, *other.numbers), self.log)

        def do(self, progress):
            begun.set()
            while not goes_on.wait(0.01):
                progress(0.5)
            return list(self.numbers)

    jobs = [queue.join(str(i), Both((i,), [])) for i in range(2)]
    let_go.set()
    assert begun.wait(5)
    queue.leave(jobs[0])
    time.sleep(0.05)
    goes_on.set()
    assert jobs[1].done.wait(5)
    assert jobs[1].result == 1


def test_what_can_wait_comes_after_what_is_drawn_with():
    """However short it is: sixty twins before the last of sixty figures would double its wait."""
    queue, log = trainer(), []
    _, let_go = held(queue)
    twin = queue.join("twin", Added((1,), log, kin="twins", units=SECOND / 10, later=True))
    figure = queue.join("figure", Added((2,), log, units=2 * SECOND))
    assert queue.wait_of(twin)[0] == 2
    assert queue.wait_of(figure)[0] == 1
    let_go.set()
    assert twin.done.wait(5)
    assert log == [(2,), (1,)]


def test_what_can_wait_gives_way_to_what_cannot():
    queue, log, goes_on = trainer(), [], threading.Event()

    @dataclass(frozen=True)
    class Twin(Added):
        later: bool = True

        def do(self, progress):
            while not goes_on.wait(0.01):
                progress(0.5)
            return super().do(progress)

    twin = queue.join("twin", Twin((1,), log, kin="twins", units=SECOND / 10))
    figure = queue.join("figure", Added((2,), log, units=5 * SECOND))
    assert figure.done.wait(5)
    goes_on.set()
    assert twin.done.wait(5)
    assert log == [(2,), (1,)]
