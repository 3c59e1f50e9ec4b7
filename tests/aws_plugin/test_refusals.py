"""What the plugin does not know is an error that names it; what is wrong is told before AWS is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pulumi.runtime.proto import provider_pb2

from tests.aws_plugin.talking import Plugin, Refusal, plugin
from tools.aws_plugin import values

VAULT = "aws:backup/vault:Vault"
PLAN = "aws:backup/plan:Plan"
AIR_GAPPED = "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault"

ARN = "arn:aws:backup:eu-west-1:444444444444:backup-vault:local"


@pytest.fixture
def configured() -> Iterator[Plugin]:
    """No AWS behind it: nothing here may get that far."""
    with plugin() as found:
        found.configure(region="eu-west-1")
        yield found


def test_an_unknown_type_is_named(configured: Plugin) -> None:
    with pytest.raises(Refusal, match=r"aws:s3/bucket:Bucket is not one .* It serves aws:backup/"):
        configured.check("aws:s3/bucket:Bucket", {})


def test_an_unknown_function_is_named(configured: Plugin) -> None:
    with pytest.raises(Refusal, match="aws:index/getRegion:getRegion"):
        configured.invoke("aws:index/getRegion:getRegion")


def test_an_unknown_property_is_named_with_those_that_are_known(configured: Plugin) -> None:
    _, failures = configured.check(VAULT, {"name": "local", "lockdown": True})
    (failure,) = failures
    assert "aws:backup/vault:Vault `it` has no property `lockdown`" in failure
    assert "kmsKeyArn" in failure


def test_an_unknown_property_inside_a_block_is_named_by_its_path(configured: Plugin) -> None:
    rule = {"ruleName": "daily", "targetVaultName": "local", "copyActions": [{"destinationVaultArn": ARN, "until": 1}]}
    _, failures = configured.check(PLAN, {"name": "p", "rules": [rule]})
    assert ["`rules[0].copyActions[0].until`" in failure for failure in failures] == [True]


def test_every_problem_is_told_at_once(configured: Plugin) -> None:
    _, failures = configured.check(AIR_GAPPED, {"minRetentionDays": "seven", "maxRetentionDays": True})
    told = " ".join(failures)
    assert len(failures) == 3
    assert "`minRetentionDays` of" in told
    assert "must be of the kind integer, not str" in told
    assert "not bool" in told
    assert "needs a value for `name`" in told


def test_a_policy_that_is_not_json_is_refused(configured: Plugin) -> None:
    _, failures = configured.check(
        "aws:backup/vaultPolicy:VaultPolicy", {"backupVaultName": "a", "policy": "{'Version': 1}"}
    )
    assert ["must be JSON text" in failure for failure in failures] == [True]


def test_a_value_that_is_not_known_yet_passes(configured: Plugin) -> None:
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    _, failures = configured.check(AIR_GAPPED, {"minRetentionDays": unknown, "maxRetentionDays": 9, "name": unknown})
    assert not failures


def test_an_unknown_provider_setting_is_named() -> None:
    with plugin() as found, pytest.raises(Refusal, match=r"no setting `defaultTags`.*allowedAccountIds"):
        found.configure(region="eu-west-1", defaultTags={"tags": {}})


def test_an_unknown_provider_setting_is_told_in_the_preview_already() -> None:
    request = provider_pb2.CheckRequest(news=values.write({"region": "eu-west-1", "endpoints": "[]"}))
    with plugin() as found:
        (failure,) = found.call("CheckConfig", request).failures
    assert failure.property == "endpoints"
    assert "no setting `endpoints`" in failure.reason


def test_new_provider_settings_are_a_change_that_replaces_nothing() -> None:
    """Otherwise a renamed profile would make every resource anew."""
    olds, news = values.write({"profile": "a"}), values.write({"profile": "b"})
    with plugin() as found:
        moved = found.call("DiffConfig", provider_pb2.DiffRequest(olds=olds, news=news))
        still = found.call("DiffConfig", provider_pb2.DiffRequest(olds=olds, news=olds))
    assert (moved.changes, list(moved.replaces)) == (provider_pb2.DiffResponse.DIFF_SOME, [])
    assert still.changes == provider_pb2.DiffResponse.DIFF_NONE


def test_an_unknown_setting_of_a_role_is_named() -> None:
    role = {"roleArn": "arn:aws:iam::1:role/x", "duration": "1h"}
    with (
        plugin() as found,
        pytest.raises(Refusal, match=r"`assumeRoles` of the aws provider has no setting `duration`"),
    ):
        found.configure(region="eu-west-1", assumeRoles=[role])


def test_a_resource_before_the_settings_is_refused() -> None:
    with plugin() as found, pytest.raises(Refusal, match="before it got its settings"):
        found.check(VAULT, {"name": "a"})


def test_a_provider_without_a_region_anywhere_says_so() -> None:
    with plugin() as found:
        found.configure()
        with pytest.raises(Refusal, match=r"ambient credentials names no Region"):
            found.check(VAULT, {"name": "a"})


def test_a_profile_that_does_not_exist_is_named() -> None:
    with plugin() as found, pytest.raises(Refusal, match=r"profile `nowhere`.*could not be found"):
        found.configure(region="eu-west-1", profile="nowhere")
