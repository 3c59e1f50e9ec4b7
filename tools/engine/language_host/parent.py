"""Ends this process when the one that started it is gone, however it went."""

import os
import threading
import time

_SECONDS_BETWEEN_LOOKS = 0.25
_FORKED = "AIRLOCK_FORKED"


def current() -> int:
    return os.getppid()


def die_with(parent: int) -> None:
    """After a kill -9 of the engine nobody is left to stop us, and what runs on would change the world unseen.

    Asking for the parent's id works on every system; the kernel's own signal for it (Linux only) comes already when the
    thread ends that started us, which for the engine is any of its threads. A forked process is a child of the fork
    server, which ends it when the one is gone that asked for it.
    """
    if _FORKED in os.environ:
        parent = os.getppid()
    threading.Thread(target=_watch, args=(parent,), name="parent-watch", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    os._exit(1)
