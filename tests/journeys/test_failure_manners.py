"""What goes wrong in real life: each time a sentence that names the stack or account and the command that helps.

Without an engine: `tests/engine/test_finding_the_engine.py` and `tests/deploy/test_before_the_first_stack.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.estates import BUILD, rewritten_profiles
from tests.worlds.planted import CANARIES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.worlds.site import Done, Site
    from tests.worlds.store import Worlds

NOBODY = "http://127.0.0.1:9"
"""The discard port: nothing listens there."""
FIRST = {"management": "111111111111", "recovery": "777777777777"}
"""The stacks that wait for no other, each with a profile of its own name, and their accounts."""

pytestmark = [pytest.mark.engine, pytest.mark.journey]


@pytest.fixture(scope="session")
def bare(worlds: Worlds) -> Iterator[Site]:
    """An estate in which nothing was deployed. Three stacks were made by hand, still empty."""
    with worlds.opened(BUILD / "bare", "bare") as site:
        for stack in ("recovery", "vault-orders", "landing"):
            site.init(stack)
        yield site


def says(done: Done, *words: str) -> None:
    """A failure with these words and no traceback."""
    text = done.stdout + done.stderr
    assert done.code not in (0, 3), text
    assert "Traceback" not in text, text
    assert 'File "' not in text, text
    missing = [word for word in words if word not in text]
    assert not missing, f"{missing} not in:\n{text}"


def names_the_stack_and_its_account(done: Done) -> None:
    """Two stacks run at once; the first one that fails is told of."""
    stack = next(stack for stack in FIRST if f"The stack `{stack}` failed" in done.stderr)
    says(done, f"profile `{stack}`", f"arn:aws:iam::{FIRST[stack]}:role/airlock-deploy", "run `airlock deploy` again")


def test_a_stack_by_hand_before_the_one_it_reads_names_it_and_its_command(bare: Site) -> None:
    says(bare.pulumi("landing", "preview"), "landing", "pulumi up --stack recovery")
    assert bare.resources("landing") == []


def test_a_stack_by_hand_before_the_handover_names_the_command_that_writes_it(bare: Site) -> None:
    done = bare.pulumi("vault-orders", "up", "--yes", "--skip-preview")
    says(done, "vault-orders", "airlock handover export")
    assert bare.resources("vault-orders") == []


def test_a_handover_before_the_recovery_stack_names_the_stack_and_the_command(bare: Site) -> None:
    done = bare.airlock("handover", "export")
    says(done, "`recovery`", "airlock deploy", "pulumi up --stack recovery")
    assert done.code == 2


def test_a_preview_of_everything_says_what_each_later_stack_needs(bare: Site) -> None:
    done = bare.airlock("preview")
    assert done.code == 0, done.stderr
    needs = dict(line.split(": ", 1) for line in done.stdout.splitlines() if "needs" in line)
    assert needs["landing"] == "not yet previewable: needs the stack `recovery`"
    assert set(needs) == {"backup-admin", "vault-orders", "workload-payments", "forensic", "landing"}


def test_a_profile_of_another_account_stops_the_deployment_and_names_the_account(bare: Site, tmp_path: Path) -> None:
    before = bare.tale.emulator.last_call()
    profiles = rewritten_profiles(
        bare, tmp_path, {"= 111111111111": "= 222222222222", "= 777777777777": "= 888888888888"}
    )
    done = bare.airlock("deploy", environment=profiles)
    names_the_stack_and_its_account(done)
    says(done, "AssumeRole", "AccessDenied")
    meant = set(FIRST.values())
    strays = [call for call in bare.tale.emulator.calls(before) if call.is_write and call.account not in meant]
    assert strays == [], "something was made in an account that was not meant"


def test_an_endpoint_that_nobody_answers_names_the_stack_the_account_and_what_to_check(
    bare: Site, tmp_path: Path
) -> None:
    nobody = rewritten_profiles(bare, tmp_path, {bare.tale.emulator.url: NOBODY})
    done = bare.airlock("deploy", environment=nobody)
    names_the_stack_and_its_account(done)
    says(done, NOBODY, "Check the network and the endpoint_url of the profile")


def test_a_planted_secret_is_in_nothing_that_went_wrong(bare: Site) -> None:
    assert [text for text in bare.said if any(secret in text for secret in CANARIES.values())] == []
