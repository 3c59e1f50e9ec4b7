"""What a preview refuses before AWS is asked, and what it leaves alone because it is not known yet."""

from typing import Any

import pytest
from pulumi.dynamic import ResourceProvider
from pulumi.runtime.rpc import UNKNOWN

from airlock.domain.errors import CouldNotFindOut
from airlock.providers.approval_team import ApprovalTeamProvider
from airlock.providers.converging import Run
from airlock.providers.delegation_policy import DelegationPolicyProvider
from airlock.providers.identity_source import IdentitySourceProvider
from airlock.providers.policy_type import EnabledPolicyTypeProvider
from airlock.providers.properties import differs, plain, token
from airlock.providers.share_acceptance import ShareAcceptanceProvider
from airlock.providers.vault_approval import VaultApprovalProvider

CONNECTION = {"account_id": "777777777777", "region": "us-east-1", "profile": "recovery"}
TEAM: dict[str, Any] = {
    "connection": CONNECTION,
    "name": "quorum",
    "description": "Opens the backups.",
    "threshold": 2.0,
    "approvers": ["ada.lind", "bo.berg", "cleo.dahl"],
    "identity_source_arn": "arn:aws:mpa:us-east-1:777777777777:identity-source/IamIdentityCenter",
    "identity_center_region": "us-east-1",
    "owner": "airlock/recovery/quorum",
    "desired": "present",
}
PROVIDERS = [
    ApprovalTeamProvider,
    DelegationPolicyProvider,
    EnabledPolicyTypeProvider,
    IdentitySourceProvider,
    ShareAcceptanceProvider,
    VaultApprovalProvider,
]


def refused(provider: ResourceProvider, news: dict[str, Any], olds: dict[str, Any] | None = None) -> dict[str, str]:
    return {one.property: one.reason for one in provider.check(olds or {}, news).failures}


def test_a_good_team_passes() -> None:
    assert refused(ApprovalTeamProvider(), TEAM) == {}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("name", "with space", "letters, digits"),
        ("name", "n" * 65, "1 to 64"),
        ("description", "", "takes 1 to 256"),
        ("description", "d" * 257, "has 257 characters"),
        ("threshold", 1.0, "at least 2"),
        ("threshold", 4.0, "asks for 4 approvals of 3 approvers"),
        ("threshold", 3.0, "one absent person blocks"),
        ("approvers", ["ada.lind", "bo.berg"], "has 2 approvers"),
        ("approvers", ["ada.lind", "ada.lind", "bo.berg", "cleo.dahl"], "ada.lind more than once"),
        ("desired", "gone", "`present` or `absent`"),
        ("connection", {"region": "us-east-1"}, "names no account_id"),
    ],
)
def test_one_wrong_input_is_refused_by_its_name(name: str, value: Any, said: str) -> None:
    found = refused(ApprovalTeamProvider(), {**TEAM, name: value})
    assert set(found) == {name}
    assert said in found[name]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_is_not_known_yet_is_not_judged(provider: type[ResourceProvider]) -> None:
    names = [*TEAM, "vault_arn", "vault_name", "team_arn", "share_arn", "owner_account", "statements", "policy_type"]
    assert refused(provider(), dict.fromkeys(names, UNKNOWN), dict.fromkeys(names, UNKNOWN)) == {}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_unknown_input_previews_as_a_change_without_a_call(provider: type[ResourceProvider]) -> None:
    # No AWS is reachable in this test: a look would fail.
    found = provider().diff("id", {"status": "ACTIVE"}, {**TEAM, "identity_source_arn": UNKNOWN})
    assert found.changes is True
    assert not found.replaces


@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_resource_moves_to_another_account(provider: type[ResourceProvider]) -> None:
    moved = {**TEAM, "connection": {**CONNECTION, "account_id": "111111111111"}}
    assert "stays where it was made" in refused(provider(), moved, TEAM)["connection"]


@pytest.mark.parametrize("name", ["profile", "region", "role_arn"])
def test_another_way_into_the_same_account_passes(name: str) -> None:
    assert refused(ApprovalTeamProvider(), {**TEAM, "connection": {**CONNECTION, name: "other"}}, TEAM) == {}


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        (ApprovalTeamProvider, "name"),
        (EnabledPolicyTypeProvider, "policy_type"),
        (IdentitySourceProvider, "instance_arn"),
        (ShareAcceptanceProvider, "share_arn"),
        (VaultApprovalProvider, "vault_arn"),
    ],
)
def test_a_one_way_door_is_refused_with_the_way_out(provider: type[ResourceProvider], name: str) -> None:
    before = "arn:aws:backup:us-east-1:777777777777:a"
    found = refused(provider(), {name: before.replace(":a", ":b")}, {name: before})
    assert "cannot change from" in found[name]


def test_the_owner_of_a_share_is_the_one_its_arn_names() -> None:
    news = {"share_arn": "arn:aws:ram:us-east-1:777777777777:resource-share/1", "owner_account": "111111111111"}
    assert "belongs to account 777777777777" in refused(ShareAcceptanceProvider(), news)["owner_account"]


def test_floats_nulls_and_the_engines_own_key_make_no_difference() -> None:
    stored = {"threshold": 2, "people": [{"name": "ada", "email": None}], "__provider": "x"}
    assert not differs(stored, {"threshold": 2.0, "people": [{"name": "ada"}]})
    assert plain({"a": {"b": None}}) == {"a": {}}


def test_a_token_depends_on_every_part_and_on_nothing_else() -> None:
    assert token("o", {"a": 1, "b": 2}, 0) == token("o", {"b": 2, "a": 1}, 0)
    assert token("o", {"a": 1}, 0) != token("o", {"a": 1}, 1), "A second attempt must not get the answer of the first."


class Vanished(IdentitySourceProvider):
    """An identity source that nobody finds any more."""

    def look(self, run: Run) -> None:  # whatever is asked for
        return None


def test_what_vanishes_between_preview_and_update_is_replaced_in_the_next_run_only() -> None:
    news = {"connection": CONNECTION, "owner": "o", "identity_center_region": "us-east-1", "recreate": True}
    assert Vanished().diff("arn", news, news).replaces == ["recreate"]
    with pytest.raises(CouldNotFindOut, match="vanished during this run"):
        Vanished().update("arn", news, news)
