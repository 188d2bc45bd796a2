"""The one place where training happens: a single worker, a short queue, jobs that stop when nobody waits.

Two threads that train at once are slower than one after the other, so one worker is the process-wide lock.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

#: How many jobs may wait for the worker; a visitor beyond that is told to come back.
MAX_WAITING = 4


class Busy(Exception):
    """The queue is full."""


class _Cancelled(Exception):
    pass


@dataclass(eq=False)
class Job:
    """A piece of training: who waits for it, how far it is, and what came of it."""

    key: str
    work: Callable[[Callable[[float], None]], Any]
    waiters: int = 0
    share: float = 0.0  # done, from 0 to 1
    started: float | None = None  # time.monotonic() when the worker took it
    result: Any = None
    error: BaseException | None = None
    done: threading.Event = field(default_factory=threading.Event)

    def progress(self, share: float) -> None:
        """Note the share done; stop the work if nobody waits for it any more."""
        self.share = share
        if self.waiters == 0:
            raise _Cancelled

    def seconds_left(self) -> float | None:
        """Return an estimate from the share done so far, None before there is one."""
        if self.started is None or self.share <= 0:
            return None
        return (time.monotonic() - self.started) * (1 - self.share) / self.share


class Trainer:
    """Runs jobs one at a time in a thread of its own; the same key at the same time is one job."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[Job] = deque()
        self._running: Job | None = None
        threading.Thread(target=self._serve, name="trainer", daemon=True).start()

    def join(self, key: str, work: Callable[[Callable[[float], None]], Any]) -> Job:
        """Return the job of this key, queued if it was not yet, with one more waiter; raise `Busy` if full.

        Whoever joins must `leave`.
        """
        with self._changed:
            pending = [*self._waiting, *([self._running] if self._running else [])]
            job = next((j for j in pending if j.key == key and j.waiters > 0), None)
            if job is None:
                if len(self._waiting) >= MAX_WAITING:
                    raise Busy
                job = Job(key, work)
                self._waiting.append(job)
                self._changed.notify_all()
            job.waiters += 1
            return job

    def leave(self, job: Job) -> None:
        """Take one waiter off the job; the last one to leave stops it."""
        with self._changed:
            job.waiters -= 1
            if job.waiters == 0 and job in self._waiting:
                self._waiting.remove(job)

    def ahead_of(self, job: Job) -> int:
        """Return how many jobs come before this one."""
        with self._changed:
            if job not in self._waiting:
                return 0
            return self._waiting.index(job) + (self._running is not None)

    def _serve(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                job = self._running = self._waiting.popleft()
            job.started = time.monotonic()
            try:
                job.result = job.work(job.progress)
            except BaseException as error:  # the worker must outlive whatever a job raises
                job.error = error
            with self._changed:
                self._running = None
            job.done.set()
