"""The account behind a provider: reached through a profile and a role, and never the wrong one."""

from __future__ import annotations

import json

import pytest

from tests.aws_plugin.conftest import Configured
from tests.aws_plugin.talking import Plugin, Refusal, plugin
from tests.emulator.conftest import AUDIT, PAYMENTS, Emulator

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
    assert "profile `audit`" in sentence
    assert f"reaches account {AUDIT}" in sentence
    assert f"meant for account {PAYMENTS}" in sentence
    assert "Nothing was changed" in sentence
    assert {call["operation"] for call in aws.calls()} <= {"GetCallerIdentity"}


def test_a_role_that_cannot_be_assumed_is_told_at_once(plugin_of: Configured) -> None:
    with pytest.raises(Refusal, match=rf"profile `payments` through {DEPLOY}.*AccessDenied"):
        plugin_of("payments", assumeRoles=[{"roleArn": DEPLOY}])


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
