"""One deployment that is killed, met by another, and interrupted, and then ends as an undisturbed one.

The same with small stacks, in every run: `tests/deploy/test_accidents.py` and `test_settling.py`.
"""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from demo.command import WAITING
from demo.emulator import wait_until
from tests.engine.support import engines_of, kill, send
from tests.journeys.accidents import (
    all_held,
    deployed,
    freeze_when,
    held_calls,
    holders,
    none_held,
    pending,
)
from tests.journeys.estates import BUILD
from tests.worlds.planted import CANARIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.journeys.estates import Ending
    from tests.worlds.site import Done, Site
    from tests.worlds.store import Worlds

pytestmark = [pytest.mark.engine, pytest.mark.journey, pytest.mark.deep]

MADE = "organization-backup-admin"
"""What the killed run makes without knowing. AWS refuses to register a delegated administrator twice."""
REGISTER = "organizations:RegisterDelegatedAdministrator"
NOT_MADE = "ram:CreateResourceShare"
"""What it does not come to make, in the other stack that runs beside."""
LAST_OF_MANAGEMENT = "organizations:PutResourcePolicy"
"""Waits for the delegated administrator, so the killed run cannot have made it."""
ADOPTABLE_BY_PEOPLE = "aws:organizations/policy:Policy"
"""AWS takes its name only once and chooses its id: docs/known-issues.md says what a kill in that moment needs."""
LATER = {"vault-orders", "workload-payments"}
"""Stacks that come after those which the kill hits."""
VAULT = "backup:CreateLogicallyAirGappedBackupVault"
"""What the first of them makes."""


@dataclass(frozen=True)
class Adventure:
    """How each run ended, and what was found between them."""

    pending_after_kill: dict[str, list[str]]
    locked_after_kill: dict[str, int]
    frozen: list[int]
    at_once: Done
    interrupted: Done
    locked_after_interrupt: dict[str, int]
    last: Done
    deployed: dict[str, list[tuple[str, str]]]
    registrations: list[str | None]
    said: list[str]


@pytest.fixture(scope="session")
def adventure(worlds: Worlds) -> Adventure:
    """The first run is killed; the second is met by a third, then interrupted; the fourth ends it."""
    with worlds.opened(BUILD / "accidents", "bare") as site:
        with held_calls(site, REGISTER, after=True), held_calls(site, NOT_MADE):
            process = site.start_airlock("deploy")
            kill(process, freeze_when(process, lambda: all_held(site) and _is_in_both_creates(site)))
            site.finish(process)
            left, locks = pending(site), holders(site)
            wait_until("The end of those who made the held calls", lambda: none_held(site))

        with held_calls(site, LAST_OF_MANAGEMENT, NOT_MADE):
            process = site.start_airlock("deploy")
            frozen = freeze_when(process, lambda: all_held(site) and _holds(site, locks, engines_of(process.pid)))
            at_once = site.airlock("deploy")
        send(signal.SIGCONT, frozen)

        with held_calls(site, VAULT, after=True):
            again = freeze_when(process, lambda: all_held(site) and bool(LATER & set(pending(site))))
            process.send_signal(signal.SIGINT)
            send(signal.SIGCONT, again)
        interrupted = site.finish(process)
        held = holders(site)

        last = site.airlock("deploy")
        calls = site.tale.emulator.calls()
        registered = [call.error for call in calls if call.operation == "RegisterDelegatedAdministrator"]
        return Adventure(left, locks, frozen, at_once, interrupted, held, last, deployed(site), registered, site.said)


def _is_in_both_creates(site: Site) -> bool:
    management, recovery = (pending(site).get(stack, []) for stack in ("management", "recovery"))
    in_both = any(urn.endswith(f"::{MADE}") for urn in management) and bool(recovery)
    return in_both and not any(ADOPTABLE_BY_PEOPLE in urn for urn in management)


def _holds(site: Site, stacks: Iterable[str], processes: list[int]) -> bool:
    """Whether each of these stacks is held by one of these processes."""
    return {holders(site).get(stack) for stack in stacks} <= set(processes)


def test_the_run_after_a_kill_clears_each_dead_lock_and_says_whose_it_was(adventure: Adventure) -> None:
    assert set(adventure.locked_after_kill) == {"management", "recovery"}
    for stack, process in adventure.locked_after_kill.items():
        [line] = [
            line
            for line in adventure.interrupted.stderr.splitlines()
            if "The dead lock was cleared" in line and line.startswith(f"{stack}:")
        ]
        assert f"process {process} " in line


def test_the_run_after_a_kill_clears_the_pending_creates_and_names_them(adventure: Adventure) -> None:
    assert set(adventure.pending_after_kill) == {"management", "recovery"}
    for stack, urns in adventure.pending_after_kill.items():
        [line] = [
            line
            for line in adventure.interrupted.stderr.splitlines()
            if "pending creates were cleared" in line and line.startswith(f"{stack}:")
        ]
        for urn in urns:
            assert f"`{urn.rpartition('::')[2]}`" in line


def test_the_run_after_a_kill_keeps_what_had_been_made_without_making_it_again(adventure: Adventure) -> None:
    assert re.search(rf"^management: .* That run had made .*`{MADE}`.*: kept\.$", adventure.interrupted.stderr, re.M)
    assert len(adventure.registrations) == 1, "a second attempt was made, which AWS refuses"


def test_a_run_beside_another_names_the_stack_and_the_process_that_holds_it(adventure: Adventure) -> None:
    done = adventure.at_once
    assert done.code == 1
    assert "Traceback" not in done.stderr
    assert any(f"The stack `{stack}` failed during up" in done.stderr for stack in adventure.locked_after_kill)
    assert any(f"It is held by the process {process} " in done.stderr for process in adventure.frozen)
    assert "Let that run end, then run `airlock deploy` again." in done.stderr


def test_an_interrupt_names_the_stacks_at_work_and_leaves_no_lock(adventure: Adventure) -> None:
    done = adventure.interrupted
    assert done.code == 130
    assert "Traceback" not in done.stderr
    last_words = done.stderr[done.stderr.index("Interrupted while") :]
    assert any(f"`{stack}`" in last_words for stack in LATER)
    assert "run `airlock deploy` again" in " ".join(last_words.split())
    assert adventure.locked_after_interrupt == {}


def test_after_kill_and_interrupt_the_end_is_that_of_an_undisturbed_run(
    adventure: Adventure, undisturbed: Ending
) -> None:
    assert adventure.last.code == WAITING, adventure.last.stderr
    assert "Traceback" not in adventure.last.stderr
    assert adventure.deployed == {
        stack: sorted((each["type"], each["urn"].rpartition("::")[2]) for each in export["deployment"]["resources"])
        for stack, export in undisturbed.exports.items()
    }


def test_a_planted_secret_is_in_no_output_of_an_accident(adventure: Adventure) -> None:
    assert len(adventure.said) >= 8
    assert [text for text in adventure.said if any(secret in text for secret in CANARIES.values())] == []
