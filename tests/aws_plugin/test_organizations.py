"""The life of what the management account writes for the whole organization."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

from tests.aws_plugin.conftest import Configured
from tests.aws_plugin.talking import Plugin, Refusal
from tests.emulator.conftest import AUDIT, MANAGEMENT, PAYMENTS, Emulator
from tools.aws_plugin.account import Account, Settings
from tools.aws_plugin.services.ram import LINKED_ROLE
from tools.aws_plugin.waiting import COLLISIONS

SERVICE = "aws:organizations/awsServiceAccess:AwsServiceAccess"
DELEGATED = "aws:organizations/delegatedAdministrator:DelegatedAdministrator"
POLICY = "aws:organizations/policy:Policy"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
SHARING = "aws:ram/sharingWithOrganization:SharingWithOrganization"
GLOBAL = "aws:backup/globalSettings:GlobalSettings"
GET = "aws:organizations/getOrganization:getOrganization"
BACKUP = "backup.amazonaws.com"
ALL_ON = {"isMpaEnabled": "true", "isCrossAccountBackupEnabled": "true", "isDelegatedAdministratorEnabled": "true"}


def guard(*actions: str) -> str:
    statement = {"Effect": "Deny", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def root_of(aws: Emulator) -> str:
    """The root's id, with service control policies switched on."""
    client = aws.client("organizations", MANAGEMENT)
    root: str = client.list_roots()["Roots"][0]["Id"]
    client.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    return root


def test_get_organization_knows_ids_roots_and_accounts(aws: Emulator, management: Plugin) -> None:
    root = root_of(aws)
    found = management.invoke(GET)
    assert found["id"].startswith("o-")
    assert found["masterAccountId"] == MANAGEMENT
    assert [item["id"] for item in found["roots"]] == [root]
    assert found["enabledPolicyTypes"] == ["SERVICE_CONTROL_POLICY"]
    assert {item["id"] for item in found["nonMasterAccounts"]} >= {AUDIT, PAYMENTS}
    assert MANAGEMENT not in {item["id"] for item in found["nonMasterAccounts"]}


def test_get_organization_of_a_member_leaves_out_what_members_may_not_see(payments: Plugin) -> None:
    found = payments.invoke(GET, returnOrganizationOnly=True)
    assert found["masterAccountId"] == MANAGEMENT
    assert found["roots"] == []


def test_trusted_access_lives_and_ends(management: Plugin) -> None:
    made = management.create(SERVICE, servicePrincipal=BACKUP)
    assert made.state["dateEnabled"]
    assert made.refresh()
    assert made.diff(servicePrincipal="ram.amazonaws.com") == ({"servicePrincipal"}, {"servicePrincipal"})
    made.delete()
    assert not made.refresh()


def test_a_delegated_administrator_lives_and_ends(management: Plugin) -> None:
    management.create(SERVICE, servicePrincipal=BACKUP)
    made = management.create(DELEGATED, accountId=AUDIT, servicePrincipal=BACKUP)
    assert made.id == f"{AUDIT}/{BACKUP}"
    assert made.state["name"] == "audit"
    assert made.refresh()
    assert management.read(DELEGATED, made.id) is not None
    made.delete()
    assert not made.refresh()


def test_a_policy_lives_and_ends(aws: Emulator, management: Plugin) -> None:
    made = management.create(POLICY, name="guard", content=guard("backup:A", "backup:B"))
    assert made.state["type"] == "SERVICE_CONTROL_POLICY"
    assert made.refresh()
    assert made.diff(name="guard", content=json.dumps(json.loads(guard("backup:A", "backup:B")), indent=2)) == (
        set(),
        set(),
    )
    assert made.diff(name="guard", content=guard("backup:A"), type="BACKUP_POLICY")[1] == {"type"}
    made.update(name="guard-2", content=guard("backup:A"), tags={"owner": "airlock"})
    client = aws.client("organizations", MANAGEMENT)
    found = client.describe_policy(PolicyId=made.id)["Policy"]
    assert found["PolicySummary"]["Name"] == "guard-2"
    assert json.loads(found["Content"]) == json.loads(guard("backup:A"))
    assert client.list_tags_for_resource(ResourceId=made.id)["Tags"] == [{"Key": "owner", "Value": "airlock"}]
    made.delete()
    assert not made.refresh()


def test_an_attached_policy_is_not_deleted_and_a_detached_one_is_noticed(aws: Emulator, management: Plugin) -> None:
    root = root_of(aws)
    policy = management.create(POLICY, name="guard", content=guard("backup:A"))
    made = management.create(ATTACHMENT, policyId=policy.id, targetId=root)
    assert made.id == f"{root}:{policy.id}"
    assert made.refresh()
    with pytest.raises(Refusal, match="DeletePolicy with PolicyInUseException"):
        policy.delete()
    aws.client("organizations", MANAGEMENT).detach_policy(PolicyId=policy.id, TargetId=root)
    assert not made.refresh(), "a policy that somebody detached protects nothing"
    policy.delete()
    assert not policy.refresh()


@pytest.mark.parametrize("skip", [True, False])
def test_skip_destroy_leaves_policy_and_attachment_in_place(aws: Emulator, management: Plugin, skip: bool) -> None:
    policy = management.create(POLICY, name="guard", content=guard("backup:A"), skipDestroy=skip)
    made = management.create(ATTACHMENT, policyId=policy.id, targetId=root_of(aws), skipDestroy=skip)
    made.delete()
    assert made.refresh() is skip
    policy.delete()
    assert policy.refresh() is skip


def access(aws: Emulator) -> list[str]:
    found = aws.client("organizations", MANAGEMENT).list_aws_service_access_for_organization()
    return [item["ServicePrincipal"] for item in found["EnabledServicePrincipals"]]


def test_trusted_access_takes_over_what_is_on_and_switches_it_off_when_deleted(
    aws: Emulator, management: Plugin
) -> None:
    """Enabling is idempotent, so nothing tells whose it was. [tf access]"""
    aws.client("organizations", MANAGEMENT).enable_aws_service_access(ServicePrincipal=BACKUP)
    management.create(SERVICE, servicePrincipal=BACKUP).delete()
    assert BACKUP not in access(aws)


def test_a_refused_switching_off_is_told_although_it_is_off(aws: Emulator, management: Plugin) -> None:
    """No tolerance for what is gone. [tf access]"""
    made = management.create(SERVICE, servicePrincipal=BACKUP)
    aws.client("organizations", MANAGEMENT).disable_aws_service_access(ServicePrincipal=BACKUP)
    aws.control(
        "POST", "faults", {"service": "organizations", "operation": "DisableAWSServiceAccess", "effect": "deny"}
    )
    with pytest.raises(Refusal, match="AWS refused DisableAWSServiceAccess"):
        made.delete()


def test_sharing_with_the_organization_takes_its_role_along(aws: Emulator, management: Plugin) -> None:
    """Delete switches trusted access off and deletes the service-linked role, whoever else uses them. [tf ramorg]"""
    made = management.create(SHARING)
    assert made.id == MANAGEMENT
    assert made.refresh()
    made.delete()
    assert not made.refresh()
    assert "ram.amazonaws.com" not in access(aws)
    iam = aws.client("iam", MANAGEMENT)
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName=LINKED_ROLE)


def test_sharing_without_its_role_or_its_trusted_access_is_gone(aws: Emulator, management: Plugin) -> None:
    """[tf ramorg]"""
    made = management.create(SHARING)
    aws.client("iam", MANAGEMENT).delete_service_linked_role(RoleName=LINKED_ROLE)
    assert "ram.amazonaws.com" in access(aws)
    assert not made.refresh()
    again = management.create(SHARING, "again")
    assert again.refresh()
    aws.client("organizations", MANAGEMENT).disable_aws_service_access(ServicePrincipal="ram.amazonaws.com")
    assert not again.refresh()


def test_the_order_in_a_list_of_a_policy_is_a_change(management: Plugin) -> None:
    """Equality of JSON: a reordered service control policy is an update. [tf orgpol]"""
    made = management.create(POLICY, name="guard", content=guard("backup:A", "backup:B"))
    assert made.diff(name="guard", content=guard("backup:B", "backup:A")) == ({"content"}, set())


def test_a_policy_without_a_description_has_none(aws: Emulator, management: Plugin) -> None:
    """[tf orgpol]"""
    made = management.create(POLICY, name="guard", content=guard("backup:A"))
    assert "description" not in made.inputs
    assert "description" not in made.state
    client = aws.client("organizations", MANAGEMENT)
    client.update_policy(PolicyId=made.id, Description="by hand")
    assert made.refresh()
    assert made.diff(name="guard", content=guard("backup:A")) == (set(), set()), "what nobody asked for is no drift"


def test_a_policy_of_aws_is_not_imported(aws: Emulator, management: Plugin) -> None:
    """[tf orgpol]"""
    root_of(aws)
    with pytest.raises(Refusal, match="p-FullAWSAccess is managed by AWS"):
        management.read(POLICY, "p-FullAWSAccess")


class Body(list[bytes]):
    """The body of an answer, as botocore reads it."""

    def stream(self) -> list[bytes]:
        return self


class Colliding:
    """Answers the first calls of a client as AWS does while somebody else changes the organization."""

    def __init__(self, client: Any, message: str, times: int) -> None:
        self.left, self.message = times, message
        client.meta.events.register("before-send.organizations", self.answer)

    def answer(self, request: Any, **_: Any) -> AWSResponse | None:
        if not self.left:
            return None
        self.left -= 1
        body = json.dumps({"__type": "ConcurrentModificationException", "Message": self.message}).encode()
        return AWSResponse(request.url, 400, HTTPHeaders(), Body([body]))


def test_changes_that_collide_are_sent_again(aws: Emulator, impatient: None) -> None:
    """Half of them are other programs'. [tf orgcli]"""
    client = Account(Settings(region="eu-west-1", profile="management")).client("organizations")
    collision = Colliding(client, "It conflicts with another attempt. Try again later.", times=5)
    assert client.list_roots()["Roots"]
    collision.left = COLLISIONS
    with pytest.raises(ClientError, match="ConcurrentModificationException"):
        client.list_roots()
    assert collision.left == 0


def test_a_collision_that_does_not_ask_for_another_try_gets_none(aws: Emulator) -> None:
    """[tf orgcli]"""
    client = Account(Settings(region="eu-west-1", profile="management")).client("organizations")
    Colliding(client, "The policy has changed.", times=1)
    with pytest.raises(ClientError, match="The policy has changed"):
        client.list_roots()


def test_only_what_moved_of_a_policy_is_sent(aws: Emulator, management: Plugin) -> None:
    """[tf orgpol]"""
    made = management.create(POLICY, name="guard", description="a", content=guard("backup:A"))
    before = aws.calls()[-1]["seq"]
    made.update(name="guard", description="a", content=guard("backup:A"), tags={"a": "b"})
    assert "UpdatePolicy" not in [call["operation"] for call in aws.calls(before)]
    made.update(name="guard", content=guard("backup:A"), tags={"a": "b"})
    assert made.refresh()
    assert "description" not in made.state


def test_global_settings_are_written_and_destroying_them_only_forgets(aws: Emulator, management: Plugin) -> None:
    made = management.create(GLOBAL, globalSettings=ALL_ON)
    assert made.id == MANAGEMENT
    assert made.diff(globalSettings=ALL_ON) == (set(), set())
    made.delete()
    found: dict[str, Any] = aws.client("backup", MANAGEMENT).describe_global_settings()["GlobalSettings"]
    assert found["isMpaEnabled"] == "true", "a removed line of a program must not switch approvals off"


def test_an_opt_in_switched_off_by_hand_is_drift(aws: Emulator, management: Plugin) -> None:
    made = management.create(GLOBAL, globalSettings=ALL_ON)
    aws.client("backup", MANAGEMENT).update_global_settings(GlobalSettings={**ALL_ON, "isMpaEnabled": "false"})
    assert made.refresh()
    assert made.diff(globalSettings=ALL_ON) == ({"globalSettings"}, set())
    made.update(globalSettings=ALL_ON)
    assert made.state["globalSettings"]["isMpaEnabled"] == "true"


def test_a_member_may_not_write_global_settings(plugin_of: Configured) -> None:
    with pytest.raises(Refusal, match="UpdateGlobalSettings with"):
        plugin_of("payments").create(GLOBAL, globalSettings=ALL_ON)
