"""The account behind a provider: reached through a profile and a role, and never the wrong one."""

from __future__ import annotations

import json

import pytest

from tests.aws_plugin.conftest import Configured
from tests.aws_plugin.talking import Plugin, Refusal, plugin
from tests.emulator.conftest import AUDIT, PAYMENTS, Emulator
from tools.aws_plugin.values import UNKNOWN

VAULT = "aws:backup/vault:Vault"
DEPLOY = f"arn:aws:iam::{PAYMENTS}:role/airlock-deploy"


def deploy_role(aws: Emulator) -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PAYMENTS}:root"}, "Action": "sts:AssumeRole"}
    aws.client("iam", PAYMENTS).create_role(
        RoleName="airlock-deploy",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )


def test_settings_arrive_as_json_text_and_calls_are_made_by_the_role(aws: Emulator, plugin_of: Configured) -> None:
    deploy_role(aws)
    roles = [{"roleArn": DEPLOY, "sessionName": "airlock"}]
    found = plugin_of("payments", assumeRoles=roles, allowedAccountIds=[PAYMENTS], skipCredentialsValidation=True)
    found.create(VAULT, name="local")
    (call,) = [call for call in aws.calls() if call["operation"] == "CreateBackupVault"]
    assert call["account"] == PAYMENTS
    assert "assumed-role/airlock-deploy/airlock" in call["principal"]


def test_the_engine_is_told_that_previews_are_real_and_values_are_to_come_plain(aws: Emulator) -> None:
    with plugin() as found:
        answer = found.configure(region="eu-west-1", profile="payments")
    assert answer.supportsPreview
    assert not answer.acceptSecrets
    assert not answer.acceptResources


def test_the_wrong_account_behind_a_profile_is_refused_before_anything_is_written(
    aws: Emulator, plugin_of: Configured
) -> None:
    with pytest.raises(Refusal) as refused:
        plugin_of("audit", allowedAccountIds=[PAYMENTS])
    sentence = str(refused.value)
    assert sentence.startswith(f"AWS account ID not allowed: {AUDIT}. "), "the words of the real plugin come first"
    assert "profile `audit`" in sentence
    assert f"reaches account {AUDIT}" in sentence
    assert f"meant for account {PAYMENTS}" in sentence
    assert "Nothing was changed" in sentence
    assert {call["operation"] for call in aws.calls()} <= {"GetCallerIdentity"}


def test_a_role_that_cannot_be_assumed_is_told_at_once(plugin_of: Configured) -> None:
    with pytest.raises(Refusal, match=rf"profile `payments` through {DEPLOY}.*AccessDenied"):
        plugin_of("payments", assumeRoles=[{"roleArn": DEPLOY}])


def export(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "emulator")


def test_keys_in_the_environment_that_aws_does_not_know_end_the_run_although_the_profile_is_right(
    plugin_of: Configured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are static credentials beside the profile, and static ones win in the first check. [pu config] [base]"""
    export(monkeypatch, "AKIAEXPIRED")
    with pytest.raises(Refusal) as refused:
        plugin_of("payments", allowedAccountIds=[PAYMENTS])
    sentence = str(refused.value)
    assert sentence.startswith("unable to validate AWS credentials. Details: ")
    assert "before profile `payments`" in sentence
    assert "Unset AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, then run again." in sentence


def test_keys_of_another_account_assume_our_role_in_the_first_check(
    aws: Emulator, plugin_of: Configured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The role's trust policy decides; with a wide one the wrong principal stands in the trail. [pu config]"""
    deploy_role(aws)
    export(monkeypatch, AUDIT)
    roles = [{"roleArn": DEPLOY, "sessionName": "airlock"}]
    with pytest.raises(Refusal, match=r"unable to validate AWS credentials.*AssumeRole"):
        plugin_of("payments", assumeRoles=roles, allowedAccountIds=[PAYMENTS])
    assert [call["account"] for call in aws.calls() if call["operation"] == "AssumeRole"] == [AUDIT]


def test_after_the_first_check_the_profile_is_used(
    aws: Emulator, plugin_of: Configured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[pu config] checks; the clients are made by the provider, from the profile."""
    export(monkeypatch, AUDIT)
    found = plugin_of("payments", allowedAccountIds=[PAYMENTS])
    assert [call["account"] for call in aws.calls()] == [AUDIT, PAYMENTS]
    found.create(VAULT, name="local")
    assert {call["account"] for call in aws.calls() if call["operation"] == "CreateBackupVault"} == {PAYMENTS}


def test_without_the_first_check_the_keys_in_the_environment_do_not_matter(
    aws: Emulator, plugin_of: Configured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[pu config]"""
    export(monkeypatch, "AKIAEXPIRED")
    plugin_of("payments", allowedAccountIds=[PAYMENTS], skipCredentialsValidation=True)
    assert [call["account"] for call in aws.calls()] == [PAYMENTS]


def test_a_key_without_its_secret_is_none(plugin_of: Configured, monkeypatch: pytest.MonkeyPatch) -> None:
    """[base]"""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXPIRED")
    plugin_of("payments", allowedAccountIds=[PAYMENTS])


def test_a_region_of_another_partition_is_refused_before_aws_is_asked(payments: Plugin) -> None:
    """[tf guide]"""
    for region in ("cn-north-1", "us-gov-west-1", "nowhere"):
        _, failures = payments.check(VAULT, {"name": "local", "region": region})
        assert [f"`region` of {VAULT} `it` is '{region}'" in failure for failure in failures] == [True]
    assert payments.check(VAULT, {"name": "local", "region": "ap-southeast-2"})[1] == []


def test_all_tags_are_an_input_from_the_check_on(payments: Plugin) -> None:
    """[pu tags]"""
    assert payments.check(VAULT, {"name": "local", "tags": {"a": "b"}})[0]["tagsAll"] == {"a": "b"}
    assert payments.check(VAULT, {"name": "local"})[0]["tagsAll"] == {}
    assert payments.check(VAULT, {"name": "local", "tags": UNKNOWN})[0]["tagsAll"] == UNKNOWN
    made = payments.create(VAULT, name="local", tags={"a": "b"})
    assert made.refresh()
    assert made.inputs["tagsAll"] == {"a": "b"}


def test_an_aws_that_does_not_answer_is_named(
    aws: Emulator, plugin_of: Configured, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path_factory.mktemp("silent") / "aws-config"
    # Port 9 is "discard": nothing listens there.
    config.write_text(
        "[profile payments]\naws_access_key_id = 444444444444\naws_secret_access_key = emulator\n"
        "endpoint_url = http://127.0.0.1:9\nregion = eu-west-1\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    with pytest.raises(Refusal, match=r"profile `payments`: AWS does not answer.*127\.0\.0\.1:9.*endpoint_url"):
        plugin_of("payments", allowedAccountIds=[PAYMENTS])


def test_a_resource_without_a_region_takes_the_providers_and_keeps_it(payments: Plugin) -> None:
    vault = payments.create(VAULT, name="local")
    assert vault.inputs["region"] == vault.state["region"] == "eu-west-1"
    assert ":eu-west-1:" in vault.state["arn"]


def test_a_resource_with_a_region_is_made_there_and_a_changed_one_replaces_it(payments: Plugin) -> None:
    vault = payments.create(VAULT, name="local", region="us-east-1")
    assert ":us-east-1:" in vault.state["arn"]
    assert vault.diff(name="local", region="us-east-1") == (set(), set())
    assert vault.diff(name="local") == ({"region"}, {"region"})


def test_a_global_service_takes_no_region(management: Plugin) -> None:
    _, failures = management.check(
        "aws:backup/globalSettings:GlobalSettings", {"globalSettings": {}, "region": "eu-west-1"}
    )
    assert ["has no property `region`" in failure for failure in failures] == [True]
