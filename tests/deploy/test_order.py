"""Two stacks at once, in order, and an orderly end."""

import threading

import pytest

from airlock.deploy.errors import DeploymentInterrupted
from airlock.deploy.plan import AT_ONCE, PlannedStack, in_order
from tests.deploy.support import planned_stack

SECONDS = 10


def stack(name: str, *upstreams: str) -> PlannedStack:
    return planned_stack(name, upstreams=upstreams)


def must_not_interrupt() -> None:
    pytest.fail("nobody pressed Ctrl-C")


def test_a_stack_starts_only_after_its_upstreams_ended() -> None:
    ended: list[str] = []

    def job(each: PlannedStack) -> None:
        assert set(each.upstreams) <= set(ended), f"{each.name} reads a stack that is not there yet"
        ended.append(each.name)

    in_order([stack("a"), stack("b", "a"), stack("c", "a"), stack("d", "b", "c")], job, must_not_interrupt)
    assert sorted(ended) == ["a", "b", "c", "d"]


def test_independent_stacks_run_two_at_once_and_never_more() -> None:
    together = threading.Barrier(AT_ONCE, timeout=SECONDS)
    running = 0
    most = 0
    lock = threading.Lock()

    def job(_each: PlannedStack) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        together.wait()
        with lock:
            running -= 1

    in_order([stack(name) for name in "abcdef"], job, must_not_interrupt)
    assert most == AT_ONCE == 2


def test_the_results_come_in_the_order_of_the_plan_not_in_that_of_their_end() -> None:
    second_ended = threading.Event()

    def job(each: PlannedStack) -> str:
        if each.name == "a":
            assert second_ended.wait(SECONDS)
        else:
            second_ended.set()
        return each.name

    assert in_order([stack("a"), stack("b")], job, must_not_interrupt) == ["a", "b"]


def test_after_a_failure_what_runs_may_end_and_nothing_more_starts() -> None:
    failed = threading.Event()
    ended: list[str] = []

    def job(each: PlannedStack) -> None:
        if each.name == "bad":
            failed.set()
            raise ValueError("the stack's own error")
        assert failed.wait(SECONDS)
        ended.append(each.name)

    with pytest.raises(ValueError, match="the stack's own error"):
        in_order([stack("bad"), stack("running"), stack("later"), stack("reader", "bad")], job, must_not_interrupt)
    assert ended == ["running"]


def test_an_interrupt_ends_what_runs_and_names_it() -> None:
    interrupted = threading.Event()

    def job(each: PlannedStack) -> None:
        if each.name == "quick":
            # Raised in a worker it reaches the waiting main thread as a failure; the real one is raised in `wait`.
            return
        assert interrupted.wait(SECONDS)

    def raise_in_main(_seconds: float = 0) -> None:
        raise KeyboardInterrupt

    import signal

    before = signal.signal(signal.SIGALRM, lambda *_: raise_in_main())
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(DeploymentInterrupted, match="the stack `slow`") as caught:
            in_order([stack("quick"), stack("slow"), stack("later", "slow")], job, interrupted.set)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert caught.value.stacks == ("slow",)
    assert "airlock deploy" in str(caught.value)
