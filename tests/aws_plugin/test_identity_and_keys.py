"""The life of roles, policies, keys and of the encryption of new volumes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.aws_plugin.talking import Made, Plugin, Refusal
from tests.emulator.conftest import PAYMENTS, Emulator
from tools.aws_plugin import catalogue, values
from tools.aws_plugin.account import Aws
from tools.aws_plugin.errors import PluginError
from tools.aws_plugin.services import kms

ROLE = "aws:iam/role:Role"
INLINE = "aws:iam/rolePolicy:RolePolicy"
ATTACHED = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
POLICY = "aws:iam/policy:Policy"
KEY = "aws:kms/key:Key"
ALIAS = "aws:kms/alias:Alias"
ENCRYPTION = "aws:ebs/encryptionByDefault:EncryptionByDefault"
OTHER_KEY = f"arn:aws:kms:eu-west-1:{PAYMENTS}:key/2"
DEFAULT_KEY = "aws:ebs/defaultKmsKey:DefaultKmsKey"


class RotationFails(kms.Key):
    """A key whose second call is refused."""

    def finish(self, aws: Aws, id_: str, new: dict[str, Any]) -> None:
        raise PluginError("no rotation today")


def trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def allow(action: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})


def role(payments: Plugin, **more: Any) -> Made:
    return payments.create(ROLE, name="backup", assumeRolePolicy=trust("backup.amazonaws.com"), **more)


class TestRole:
    def test_it_lives_and_ends(self, aws: Emulator, payments: Plugin) -> None:
        boundary = payments.create(POLICY, name="boundary", policy=allow("s3:*")).id
        made = role(payments, permissionsBoundary=boundary)
        assert made.state["arn"] == f"arn:aws:iam::{PAYMENTS}:role/backup"
        assert made.refresh()
        assert made.diff(**made.inputs) == (set(), set())
        news: dict[str, Any] = {
            "name": "backup",
            "assumeRolePolicy": trust("ec2.amazonaws.com"),
            "description": "b",
            "tags": {"a": "b"},
        }
        assert made.diff(**news) == ({"assumeRolePolicy", "description", "tags", "permissionsBoundary"}, set())
        made.update(**news)
        found = aws.client("iam", PAYMENTS).get_role(RoleName="backup")["Role"]
        assert "ec2.amazonaws.com" in json.dumps(found["AssumeRolePolicyDocument"])
        assert found["Description"] == "b"
        assert "PermissionsBoundary" not in found
        assert found["Tags"] == [{"Key": "a", "Value": "b"}]
        made.delete()
        assert not made.refresh()

    def test_a_role_without_a_description_has_none(self, payments: Plugin) -> None:
        """No default. [tf role]"""
        made = role(payments)
        assert "description" not in made.inputs
        assert "description" not in made.state

    def test_a_boundary_taken_off_by_hand_is_drift(self, aws: Emulator, payments: Plugin) -> None:
        made = role(payments, permissionsBoundary=payments.create(POLICY, name="b", policy=allow("s3:*")).id)
        wanted = dict(made.inputs)
        aws.client("iam", PAYMENTS).delete_role_permissions_boundary(RoleName="backup")
        assert made.refresh()
        assert made.diff(**wanted) == ({"permissionsBoundary"}, set())
        made.update(**wanted)
        assert made.state["permissionsBoundary"] == wanted["permissionsBoundary"]

    def test_a_role_with_policies_goes_only_when_told_to(self, payments: Plugin) -> None:
        made = role(payments)
        payments.create(INLINE, name="inline", role="backup", policy=allow("s3:*"))
        with pytest.raises(Refusal, match="DeleteRole with DeleteConflict"):
            made.delete()
        made.update(**{**made.inputs, "forceDetachPolicies": True})
        made.delete()
        assert not made.refresh()

    def test_another_path_is_another_role(self, payments: Plugin) -> None:
        made = role(payments)
        assert made.diff(**{**made.inputs, "path": "/x/"}) == ({"path"}, {"path"})


class TestPolicies:
    def test_a_managed_policy_outlives_more_changes_than_aws_keeps_versions(
        self, aws: Emulator, payments: Plugin
    ) -> None:
        made = payments.create(POLICY, name="p", policy=allow("s3:A"))
        for number in range(7):
            made.update(name="p", policy=allow(f"s3:A{number}"))
        client = aws.client("iam", PAYMENTS)
        assert len(client.list_policy_versions(PolicyArn=made.id)["Versions"]) == 5
        assert made.refresh()
        assert "s3:A6" in made.state["policy"]
        made.delete()
        assert not made.refresh()

    def test_an_inline_policy_lives_and_ends(self, payments: Plugin) -> None:
        role(payments)
        made = payments.create(INLINE, name="inline", role="backup", policy=allow("s3:A"))
        assert made.id == "backup:inline"
        assert made.diff(name="inline", role="backup", policy=allow("s3:B")) == ({"policy"}, set())
        made.update(name="inline", role="backup", policy=allow("s3:B"))
        assert made.refresh()
        made.delete()
        assert not made.refresh()

    def test_an_attachment_lives_and_ends(self, aws: Emulator, payments: Plugin) -> None:
        role(payments)
        arn = payments.create(POLICY, name="p", policy=allow("s3:A")).id
        made = payments.create(ATTACHED, role="backup", policyArn=arn)
        assert made.refresh()
        aws.client("iam", PAYMENTS).detach_role_policy(RoleName="backup", PolicyArn=arn)
        assert not made.refresh()
        made.delete()


class TestKeys:
    def test_a_key_lives_and_its_end_is_only_scheduled(self, aws: Emulator, payments: Plugin) -> None:
        inputs: dict[str, Any] = {"description": "local", "enableKeyRotation": True, "deletionWindowInDays": 30}
        made = payments.create(KEY, **inputs, tags={"a": "b"})
        assert made.diff(**inputs, tags={"a": "b"}) == (set(), set())
        made.update(**{**inputs, "description": "other", "enableKeyRotation": False})
        client = aws.client("kms", PAYMENTS, "eu-west-1")
        assert client.get_key_rotation_status(KeyId=made.id)["KeyRotationEnabled"] is False
        assert client.list_resource_tags(KeyId=made.id)["Tags"] == []
        made.delete()
        assert client.describe_key(KeyId=made.id)["KeyMetadata"]["KeyState"] == "PendingDeletion"
        assert not made.refresh(), "a key on its way out is no key to build on"

    def test_a_key_switched_off_by_hand_is_drift(self, aws: Emulator, payments: Plugin) -> None:
        made = payments.create(KEY, description="local")
        aws.client("kms", PAYMENTS, "eu-west-1").disable_key(KeyId=made.id)
        assert made.refresh()
        assert made.diff(description="local") == ({"isEnabled"}, set())
        made.update(description="local")
        assert made.state["isEnabled"] is True

    def test_a_key_that_could_not_be_finished_stands_in_the_state(
        self, payments: Plugin, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Otherwise the next run makes a second one, and nobody ever deletes the first."""
        monkeypatch.setitem(catalogue.RESOURCES, KEY, RotationFails())
        with pytest.raises(
            Refusal, match=r"Could not finish the creation of aws:kms/key:Key `it`.*no rotation"
        ) as refused:
            payments.create(KEY, description="local")
        kept = refused.value.kept
        assert kept.reasons == [str(refused.value)]
        monkeypatch.undo()
        again = Made(payments, KEY, "it", kept.id, values.read(kept.properties), values.read(kept.inputs))
        assert again.update(description="local")["keyId"] == kept.id, "the next run goes on with the same key"

    def test_an_alias_follows_its_key_by_id_or_arn(self, aws: Emulator, payments: Plugin) -> None:
        one, two = payments.create(KEY), payments.create(KEY)
        made = payments.create(ALIAS, name="alias/local", targetKeyId=one.id)
        assert made.state["targetKeyArn"] == one.state["arn"]
        assert made.diff(name="alias/local", targetKeyId=one.state["arn"]) == (set(), set())
        assert made.diff(name="alias/local", targetKeyId=two.id) == ({"targetKeyId"}, set())
        made.update(name="alias/local", targetKeyId=two.id)
        assert made.state["targetKeyArn"] == two.state["arn"]
        made.delete()
        assert not made.refresh()


class TestVolumes:
    def test_encryption_by_default_goes_on_and_off(self, aws: Emulator, payments: Plugin) -> None:
        ec2 = aws.client("ec2", PAYMENTS, "eu-west-1")
        made = payments.create(ENCRYPTION)
        assert ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is True
        ec2.disable_ebs_encryption_by_default()
        assert made.refresh()
        assert made.diff() == ({"enabled"}, set())
        made.update()
        made.delete()
        assert ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is False

    def test_the_default_key_is_set_and_given_back(self, aws: Emulator, payments: Plugin) -> None:
        key = payments.create(KEY).state["arn"]
        made = payments.create(DEFAULT_KEY, keyArn=key)
        assert made.refresh()
        assert made.diff(keyArn=key) == (set(), set())
        assert made.diff(keyArn=OTHER_KEY) == ({"keyArn"}, {"keyArn"})
        made.delete()
        assert aws.client("ec2", PAYMENTS, "eu-west-1").get_ebs_default_kms_key_id()["KmsKeyId"] != key
