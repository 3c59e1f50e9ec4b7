"""Runs one job per stack, at most two at once, each after the stacks that it reads."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from airlock.deploy.errors import DeploymentInterrupted
from airlock.deploy.plan import PlannedStack

Result = TypeVar("Result")

# One `up` keeps a core busy; more at once would only slow each other down.
AT_ONCE = 2
# A wait without an end would sleep through a signal that the kernel gives to another thread than the main one.
_SECONDS_BETWEEN_LOOKS = 0.5


def in_order(
    stacks: Sequence[PlannedStack], job: Callable[[PlannedStack], Result], interrupt: Callable[[], None]
) -> list[Result]:
    """The results in the order of the stacks. After a failure nothing more is started; it is raised at the end.

    `interrupt` is called on Ctrl-C and must make the running jobs end.
    """
    results: dict[str, Result] = {}
    running: dict[Future[Result], PlannedStack] = {}
    waiting = list(stacks)
    names = {stack.name for stack in stacks}
    failure: BaseException | None = None
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        try:
            while running or (waiting and failure is None):
                for stack in _ready(waiting, names - set(results), AT_ONCE - len(running)) if failure is None else []:
                    waiting.remove(stack)
                    running[pool.submit(job, stack)] = stack
                finished, _ = wait(running, timeout=_SECONDS_BETWEEN_LOOKS, return_when=FIRST_COMPLETED)
                for future in finished:
                    stack = running.pop(future)
                    error = future.exception()
                    if error is None:
                        results[stack.name] = future.result()
                    failure = failure or error
        except KeyboardInterrupt:
            interrupted = [stack.name for stack in running.values()]
            interrupt()
            raise DeploymentInterrupted(interrupted) from None
    if failure is not None:
        raise failure
    return [results[stack.name] for stack in stacks]


def _ready(waiting: Sequence[PlannedStack], unfinished: set[str], free: int) -> list[PlannedStack]:
    """The next stacks whose upstreams are done: the order of the plan decides among them."""
    return [stack for stack in waiting if not unfinished & set(stack.upstreams)][:free]
