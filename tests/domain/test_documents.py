"""The two files that travel by hand, and every reason to refuse one."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest

from airlock.domain import handover
from airlock.domain.contracts import LandingContract, RecoveryContract
from airlock.domain.errors import UsageError
from airlock.domain.handover import Handover
from airlock.domain.inventory import Inventory, Landing, ProtectedVault, Team
from airlock.domain.sealed import seal

TEAM = "arn:aws:mpa:us-east-1:777777777777:approval-team/quorum-1"
SHARE = "arn:aws:ram:us-east-1:777777777777:resource-share/1"

GOOD_HANDOVER = Handover(
    estate="nordbank",
    organization="recovery",
    written_at="2026-11-20T10:00:00Z",
    contracts={
        "recovery": {
            "teams": {"quorum": {"arn": TEAM, "share_arn": SHARE}},
            "identity_source_arn": "arn:aws:mpa:us-east-1:777777777777:identity-source/IamIdentityCenter",
            "portal_url": "https://portal.example",
        }
    },
)

GOOD_INVENTORY = Inventory(
    estate="nordbank",
    pattern="cross-organization",
    written_at="2026-11-20T10:00:00Z",
    landing=Landing(
        account_id="888888888888",
        region="eu-west-1",
        profile="landing",
        requester_role_arn="arn:aws:iam::888888888888:role/airlock-requester",
        restore_role_arn="arn:aws:iam::888888888888:role/airlock-restore",
        kms_key_arn="arn:aws:kms:eu-west-1:888888888888:key/1",
    ),
    teams=[Team(name="quorum", arn=TEAM, threshold=2, approvers=["ada.lind", "bo.berg", "cleo.dahl"])],
    portal_url="https://portal.example",
    vaults=[
        ProtectedVault(
            name="payments-2026",
            arn="arn:aws:backup:eu-west-1:444444444444:backup-vault:payments-2026",
            region="eu-west-1",
            account_id="444444444444",
            data_class="payments",
            team_arn=TEAM,
            min_retention_days=7,
            max_retention_days=90,
            rto_minutes=240,
            rpo_minutes=1440,
            resource_types=["S3"],
        )
    ],
    primary_account_ids=["111111111111"],
)


def test_a_handover_arrives_as_it_was_sent() -> None:
    arrived = handover.load(GOOD_HANDOVER.dump(), "nordbank")
    assert arrived == GOOD_HANDOVER
    assert arrived.contract("recovery", RecoveryContract, holds=["quorum"]).teams["quorum"].arn == TEAM


def test_a_contract_that_is_not_in_it_is_named() -> None:
    with pytest.raises(UsageError, match=r"exports no `requester_role_arn`.*`landing`.*airlock handover export"):
        GOOD_HANDOVER.contract("landing", LandingContract)


def _swap_the_team(text: str) -> str:
    return text.replace("777777777777", "666666666666")


def _older(text: str) -> str:
    return text.replace("airlock-handover/1", "airlock-handover/0")


def _reseal(change: Callable[[dict[str, Any]], Any]) -> Callable[[str], str]:
    def reseal(text: str) -> str:
        body = json.loads(text)
        change(body)
        return seal(body)

    return reseal


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_swap_the_team, "changed after it was written"),
        (_older, "has the format `airlock-handover/0`"),
        (lambda text: text[:-20], "not JSON"),
        (lambda _: "[]", "names no format"),
        (lambda _: "{}", "names no format"),
        (_reseal(lambda body: body.update(estate="other")), "belongs to the estate `other`"),
        (_reseal(lambda body: body["contracts"]["recovery"].update(teams={})), "does not hold `quorum` yet"),
        (_reseal(lambda body: body.update(extra=1)), "does not hold what its format promises"),
        (_reseal(lambda body: body.pop("contracts")), "does not hold what its format promises"),
        (_reseal(lambda body: body.update(contracts=[])), "does not hold what its format promises"),
    ],
)
def test_a_handover_that_cannot_be_trusted_is_refused_with_the_way_out(
    change: Callable[[str], str], words: str
) -> None:
    with pytest.raises(UsageError, match=words) as refused:
        handover.load(change(GOOD_HANDOVER.dump()), "nordbank").contract("recovery", RecoveryContract, ["quorum"])
    assert "`airlock handover export`" in str(refused.value)


def test_an_inventory_is_read_as_it_was_written() -> None:
    assert Inventory.from_json(GOOD_INVENTORY.to_json()) == GOOD_INVENTORY


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("888888888888", "999999999999"), "changed after it was written"),
        (lambda text: text.replace("airlock-inventory/1", "airlock-inventory/9"), "this version of Airlock reads"),
        (_reseal(lambda body: body["vaults"][0].pop("team_arn")), "does not hold what its format promises"),
        (_reseal(lambda body: body.update(vaults=3)), "does not hold what its format promises"),
    ],
)
def test_a_damaged_inventory_is_refused_with_the_way_out(change: Callable[[str], str], words: str) -> None:
    with pytest.raises(UsageError, match=words) as refused:
        Inventory.from_json(change(GOOD_INVENTORY.to_json()))
    assert "`airlock kit`" in str(refused.value)


def test_the_inventory_finds_a_vault_and_the_people_who_open_it() -> None:
    vault = GOOD_INVENTORY.vault("payments-2026")
    assert GOOD_INVENTORY.team_of(vault).threshold == 2
    with pytest.raises(UsageError, match=r"no vault `x`. It knows: payments-2026"):
        GOOD_INVENTORY.vault("x")
    with pytest.raises(UsageError, match="no team for the vault"):
        dataclasses.replace(GOOD_INVENTORY, teams=[]).team_of(vault)


def test_the_landing_account_is_reached_with_the_role_that_is_asked_for() -> None:
    connection = GOOD_INVENTORY.landing.connection(GOOD_INVENTORY.landing.requester_role_arn, "eu-central-1")
    assert connection.to_dict() == {
        "account_id": "888888888888",
        "region": "eu-central-1",
        "profile": "landing",
        "role_arn": "arn:aws:iam::888888888888:role/airlock-requester",
    }
