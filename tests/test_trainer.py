"""The queue in front of the one worker."""

import threading

import pytest

from core.ui.trainer import MAX_WAITING, Busy, Trainer


def held(trainer: Trainer, key: str = "held"):
    """Join a job that runs until it is let go or cancelled."""
    begun, let_go = threading.Event(), threading.Event()

    def work(progress):
        begun.set()
        while not let_go.wait(0.01):
            progress(0.5)
        return key

    job = trainer.join(key, work)
    assert begun.wait(5)
    return job, let_go


def test_a_job_gives_its_result():
    trainer = Trainer()
    job = trainer.join("a", lambda progress: 42)
    assert job.done.wait(5)
    assert (job.result, job.error) == (42, None)


def test_the_same_key_is_trained_once():
    trainer = Trainer()
    job, let_go = held(trainer)
    assert trainer.join("held", lambda progress: None) is job
    assert job.waiters == 2
    let_go.set()
    assert job.done.wait(5)


def test_jobs_run_one_after_the_other():
    trainer = Trainer()
    _, let_go = held(trainer)
    second = trainer.join("b", lambda progress: "b")
    assert not second.done.wait(0.1)
    assert trainer.ahead_of(second) == 1
    let_go.set()
    assert second.done.wait(5)
    assert trainer.ahead_of(second) == 0


def test_at_most_four_wait():
    trainer = Trainer()
    _, let_go = held(trainer)
    waiting = [trainer.join(str(i), lambda progress: None) for i in range(MAX_WAITING)]
    with pytest.raises(Busy):
        trainer.join("one too many", lambda progress: None)
    let_go.set()
    assert all(job.done.wait(5) for job in waiting)


def test_training_stops_when_the_last_one_leaves():
    trainer = Trainer()
    job, _ = held(trainer)
    trainer.join("held", lambda progress: None)
    trainer.leave(job)
    assert not job.done.wait(0.1)
    trainer.leave(job)
    assert job.done.wait(5)
    assert job.result is None


def test_who_leaves_the_queue_is_never_trained():
    trainer = Trainer()
    _, let_go = held(trainer)
    ran = []
    job = trainer.join("b", lambda progress: ran.append(1))
    trainer.leave(job)
    let_go.set()
    last = trainer.join("c", lambda progress: None)
    assert last.done.wait(5)
    assert not ran


def test_a_cancelled_job_is_not_joined_again():
    trainer = Trainer()
    job, _ = held(trainer)
    trainer.leave(job)
    again = trainer.join("held", lambda progress: "anew")
    assert again is not job
    assert again.done.wait(5)
    assert again.result == "anew"


def test_an_error_reaches_who_waits_and_the_worker_lives_on():
    trainer = Trainer()
    job = trainer.join("a", lambda progress: 1 / 0)
    assert job.done.wait(5)
    assert isinstance(job.error, ZeroDivisionError)
    after = trainer.join("b", lambda progress: 1)
    assert after.done.wait(5)
    assert after.result == 1
