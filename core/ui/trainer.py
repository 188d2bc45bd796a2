"""The one place where training happens: one work at a time, the one with the least left to do of those that come first.

Two threads that train at once are slower than one after the other, so the works hand one baton round: each has a
thread of its own, so that what torch keeps for a thread stays its own, and only the holder of the baton computes. A
work calls its `progress` between pieces; there it gives way to one with less left, and stops if nobody waits for it.
"""

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch

from core.ui.pace import Pace

#: The seconds of other works that a new one may have before it; a visitor beyond that is told to come back.
LONGEST_WAIT = 20.0
#: How many works may have given way at once: each holds its memory.
MAX_PAUSED = 3

#: Called with the share done, from 0 to 1; it may raise to stop the work.
Progress = Callable[[float], None]


#: Whether it is spare, whether it comes later, and the seconds it has left.
_Rank = tuple[bool, bool, float]


class Busy(Exception):
    """The queue is full."""


class _Cancelled(BaseException):
    pass


class Work(Protocol):
    """Something to compute. Works of equal `kin`, unless None, can be done as one."""

    @property
    def units(self) -> float:
        """How much it is, in the units of `core.spec.experiment`."""

    @property
    def added(self) -> float:
        """How much it adds where it is done with others."""

    @property
    def later(self) -> bool:
        """Whether it comes after all that does not: nothing is drawn with it."""

    @property
    def kin(self) -> Hashable:
        """What it has in common with those it can be done with."""

    def joined(self, other: "Work") -> "Work | None":
        """Return both as one work, whose result is the list of theirs; None if that would be too large."""

    def do(self, progress: Progress) -> Any:
        """Do it and return the result."""


class Kept(Protocol):
    """Where results are looked for, and put as soon as there are any."""

    def get(self, key: Hashable) -> Any:
        """Return what is kept under a key, None if nothing is."""

    def put(self, key: Hashable, value: Any) -> None:
        """Keep a result."""


@dataclass(eq=False)
class Job:
    """A work somebody waits for, and what came of it; `spare` while no reader does, only the warm-up."""

    key: str
    work: Work
    spare: bool = False
    waiters: int = 0
    result: Any = None
    error: BaseException | None = None
    done: threading.Event = field(default_factory=threading.Event)


@dataclass(eq=False)
class _Task:
    """Jobs that are computed as one, from their start to their end."""

    jobs: list[Job]
    work: Work
    turn: threading.Event = field(default_factory=threading.Event)
    share: float = 0.0
    spent: float = 0.0  # seconds with the baton, up to the last time it was taken
    since: float = 0.0  # time.monotonic() then


class Trainer:
    """Hands the baton round; the same key at the same time is one job."""

    def __init__(self, kept: Kept) -> None:
        self._kept, self._pace = kept, Pace()
        self._lock = threading.Lock()
        self._waiting: list[Job] = []
        self._paused: list[_Task] = []
        self._running: _Task | None = None

    def join(self, key: str, work: Work, *, spare: bool = False) -> Job:
        """Return the job of this key, a new one if there is none, with one more waiter.

        Whoever joins must `leave`. A result that is kept already makes a job that is done. What is `spare` comes
        after all that is not, until somebody joins it for whom it isn't. Raises `Busy` where the works that come
        first would take too long.
        """
        with self._lock:
            if (result := self._kept.get(key)) is not None:
                job = Job(key, work, result=result)
                job.done.set()
                return job
            tasks = [*self._paused, *([self._running] if self._running else [])]
            pending = [*self._waiting, *(job for task in tasks for job in task.jobs)]
            job = next((j for j in pending if j.key == key and j.waiters > 0), None) or Job(key, work, spare)
            job.spare &= spare
            job.waiters += 1
            if job in pending:
                return job
            self._waiting.append(job)
            if self._before(job)[1] > LONGEST_WAIT:
                self._waiting.remove(job)
                raise Busy
            if self._running is None:
                self._hand_over()
            return job

    def leave(self, job: Job) -> None:
        """Take one waiter off the job; the last one to leave stops it."""
        with self._lock:
            job.waiters -= 1
            if job.waiters == 0 and job in self._waiting:
                self._waiting.remove(job)

    def wait_of(self, job: Job) -> tuple[int, float]:
        """Return how many jobs come before this one, and in about how many seconds it will be done."""
        with self._lock:
            for task in [*self._paused, *([self._running] if self._running else [])]:
                if job in task.jobs:
                    before = sum(self._left(t) for t in self._before_task(task))
                    return 0, before + self._left(task)
            if job not in self._waiting:
                return 0, 0.0
            ahead, seconds = self._before(job)
            return ahead, seconds + self._pace.seconds(job.work.units)

    @property
    def pending(self) -> int:
        """How many jobs are not done."""
        with self._lock:
            tasks = [*self._paused, *([self._running] if self._running else [])]
            return len(self._waiting) + sum(len(task.jobs) for task in tasks)

    def share_of(self, job: Job) -> float:
        """Return the share done of a job, from 0 to 1."""
        with self._lock:
            tasks = [*self._paused, *([self._running] if self._running else [])]
            return next((task.share for task in tasks if job in task.jobs), 0.0)

    # What follows is called with the lock held, but for `_run` and `_progress`.

    def _left(self, task: _Task) -> float:
        """Return the seconds that a task still takes, by its pace so far as soon as it has one."""
        spent = task.spent + (time.monotonic() - task.since if task is self._running else 0.0)
        if task.share > 0:
            return spent * (1 - task.share) / task.share
        return max(0.0, self._pace.seconds(task.work.units) - spent)

    def _rank(self, what: _Task | Job) -> _Rank:
        """Return what decides which is next, the least first: that which cannot wait, then that with the least left."""
        if isinstance(what, _Task):
            return all(job.spare for job in what.jobs), what.work.later, self._left(what)
        return what.spare, what.work.later, self._pace.seconds(what.work.units)

    def _before_task(self, task: _Task) -> list[_Task]:
        if task is self._running:
            return []
        own = self._rank(task)
        others = [*self._paused, *([self._running] if self._running else [])]
        return [t for t in others if t is not task and self._rank(t) <= own]

    def _before(self, job: Job) -> tuple[int, float]:
        """Return how many jobs of others come before a waiting one, and the seconds they take.

        Those it will be done together with are no others, but add their share of the time.
        """
        own = self._rank(job)
        ahead, seconds = 0, 0.0
        for task in [*self._paused, *([self._running] if self._running else [])]:
            if (rank := self._rank(task)) <= own or (task is self._running and len(self._paused) >= MAX_PAUSED):
                ahead, seconds = ahead + len(task.jobs), seconds + rank[-1]
        place = self._waiting.index(job)
        for i, other in enumerate(self._waiting):
            if other is job:
                continue
            if job.work.kin is not None and other.work.kin == job.work.kin:
                seconds += self._pace.seconds(other.work.added)
            elif ((rank := self._rank(other)), i) < (own, place):
                ahead, seconds = ahead + 1, seconds + rank[-1]
        return ahead, seconds

    def _next(self) -> tuple[_Rank, _Task | Job] | None:
        """Return what is first of all that is not running, and its rank."""
        those: list[_Task | Job] = [*self._paused, *self._waiting]
        found = [(self._rank(one), one) for one in those]
        # one that nobody waits for any more comes first: it only has to let go of its memory
        gone = [task for task in self._paused if not any(job.waiters for job in task.jobs)]
        return ((False, False, 0.0), gone[0]) if gone else min(found, key=lambda pair: pair[0], default=None)

    def _hand_over(self) -> None:
        """Give the baton to what has the least left, if there is anything."""
        self._running = None
        if (found := self._next()) is None:
            return
        following = found[1]
        if isinstance(following, Job):
            task = self._together(following)
            threading.Thread(target=self._run, args=(task,), name="trainer", daemon=True).start()
        else:
            task = following
            self._paused.remove(task)
        self._running, task.since = task, time.monotonic()
        task.turn.set()

    def _together(self, job: Job) -> _Task:
        """Take a job from the queue, with all that can be done as one with it."""
        task = _Task([job], job.work)
        for other in self._waiting:
            if other is not job and job.work.kin is not None and other.work.kin == job.work.kin:
                joined = task.work.joined(other.work)
                if joined is not None:
                    task.jobs.append(other)
                    task.work = joined
        self._waiting = [other for other in self._waiting if other not in task.jobs]
        return task

    def _progress(self, task: _Task, share: float) -> None:
        with self._lock:
            task.share = share
            if not any(job.waiters for job in task.jobs):
                raise _Cancelled
            found = self._next()
            if found is None or found[0] >= self._rank(task):
                return
            if isinstance(found[1], Job) and len(self._paused) >= MAX_PAUSED:
                return
            task.spent += time.monotonic() - task.since
            task.turn.clear()
            self._hand_over()
            self._paused.append(task)
        task.turn.wait()
        if not any(job.waiters for job in task.jobs):
            raise _Cancelled

    def _run(self, task: _Task) -> None:
        torch.set_flush_denormal(False)  # else as in the thread that this one was started from
        results: Sequence[Any] = ()
        error: BaseException | None = None
        try:
            result = task.work.do(lambda share: self._progress(task, share))
            results = result if len(task.jobs) > 1 else [result]
        except BaseException as raised:  # the baton must go on whatever a work raises
            error = raised
        with self._lock:
            if error is None:
                # processor time: how fast the machine is, not what else it has to do this moment
                self._pace.note(task.work.units, time.thread_time())
            for i, job in enumerate(task.jobs):
                job.error = error
                if error is None:
                    job.result = results[i]
                    self._kept.put(job.key, results[i])
            self._hand_over()
        for job in task.jobs:
            job.done.set()
