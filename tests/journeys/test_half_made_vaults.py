"""Vaults that AWS made for an `up` that then failed: the next run takes them over, whatever the state knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo.chapters.deployment import where
from tests.emulator.conftest import BUNKER, Emulator
from tests.journeys.estates import BUILD
from tests.worlds.site import succeed

if TYPE_CHECKING:
    from tests.worlds.store import Worlds

pytestmark = [pytest.mark.engine, pytest.mark.journey, pytest.mark.deep]

STACK = "one-vault-orders"
AIR_GAPPED = "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault"
CREATE = "CreateLogicallyAirGappedBackupVault"


def test_an_air_gapped_vault_of_a_failed_run_is_taken_over_by_the_next(worlds: Worlds) -> None:
    with worlds.opened(BUILD / "half-made", "bare", "cross-account") as site:
        emulator = Emulator(site.tale.emulator.url)
        # The first look after the first create, with all its tries. It is that of the vault account.
        fault = {"service": "backup", "operation": "DescribeBackupVault", "effect": "error", "times": 3}
        emulator.control("POST", "faults", fault)
        failed = site.airlock("deploy", *where(site.tale))
        assert failed.code == 1, failed.stderr
        assert f"The stack `{STACK}` failed during up" in failed.stderr
        held = [each["type"] for each in site.export(STACK)["deployment"]["resources"]]
        assert AIR_GAPPED not in held, "the real plugin leaves nothing of it in the state [br pfcreate]"

        succeeded = site.airlock("deploy", *where(site.tale))
        assert succeeded.code in (0, 3), succeeded.stderr
        assert "`orders-2026-vault`: kept" in succeeded.stderr
        made = [call for call in emulator.calls() if (call["account"], call["operation"]) == (BUNKER, CREATE)]
        assert [bool(call["error"]) for call in made] == [False, True], "one was made, and one more was refused"
        succeed(site.pulumi(STACK, "preview", "--policy-pack", "policies", "--expect-no-changes"))
