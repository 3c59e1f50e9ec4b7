"""The life of resource shares and of what hangs on them."""

from __future__ import annotations

import pytest

from tests.aws_plugin.talking import Made, Plugin, Refusal
from tests.emulator.conftest import AUDIT, LANDING, PAYMENTS, Emulator

SHARE = "aws:ram/resourceShare:ResourceShare"
RESOURCE = "aws:ram/resourceAssociation:ResourceAssociation"
PRINCIPAL = "aws:ram/principalAssociation:PrincipalAssociation"
VAULT = "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault"


@pytest.fixture
def vault(payments: Plugin) -> str:
    made = payments.create(VAULT, name="payments-2026", minRetentionDays=7, maxRetentionDays=90)
    return str(made.state["arn"])


def share(payments: Plugin, external: bool = True) -> Made:
    return payments.create(SHARE, name="vaults", allowExternalPrincipals=external, tags={"a": "b"})


def test_a_share_lives_and_ends(aws: Emulator, payments: Plugin) -> None:
    made = share(payments)
    assert made.id == made.state["arn"]
    assert made.refresh()
    assert made.diff(name="vaults", tags={"a": "b"}) == ({"allowExternalPrincipals"}, set())
    made.update(name="renamed", tags={"a": "c"})
    client = aws.client("ram", PAYMENTS, "eu-west-1")
    (found,) = client.get_resource_shares(resourceOwner="SELF", resourceShareArns=[made.id])["resourceShares"]
    assert (found["name"], found["allowExternalPrincipals"]) == ("renamed", False)
    assert found["tags"] == [{"key": "a", "value": "c"}]
    made.delete()
    assert not made.refresh(), "RAM goes on showing deleted shares; they are gone all the same"


def test_a_share_stands_in_the_region_that_it_names(payments: Plugin) -> None:
    made = payments.create(SHARE, name="team", region="us-east-1")
    assert ":us-east-1:" in made.id
    assert made.refresh()


def test_a_resource_in_a_share_is_there_when_the_create_returns(aws: Emulator, payments: Plugin, vault: str) -> None:
    made = payments.create(RESOURCE, resourceArn=vault, resourceShareArn=share(payments).id)
    found = aws.client("ram", PAYMENTS, "eu-west-1").get_resource_share_associations(associationType="RESOURCE")
    assert [item["status"] for item in found["resourceShareAssociations"]] == ["ASSOCIATED"]
    assert made.refresh()
    assert made.diff(**{**made.inputs, "resourceArn": f"{vault}-2"}) == ({"resourceArn"}, {"resourceArn"})
    made.delete()
    assert not made.refresh()


def test_an_account_outside_counts_as_associated_before_it_accepts(aws: Emulator, payments: Plugin, vault: str) -> None:
    owner = share(payments)
    payments.create(RESOURCE, resourceArn=vault, resourceShareArn=owner.id)
    made = payments.create(PRINCIPAL, principal=LANDING, resourceShareArn=owner.id)
    invitations = aws.client("ram", LANDING, "eu-west-1").get_resource_share_invitations()["resourceShareInvitations"]
    assert [item["status"] for item in invitations] == ["PENDING"]
    assert made.refresh(), "an invitation that nobody answered yet is not drift"
    made.delete()
    assert not made.refresh()


def test_an_import_names_share_and_principal(payments: Plugin, vault: str) -> None:
    owner = share(payments)
    payments.create(RESOURCE, resourceArn=vault, resourceShareArn=owner.id)
    made = payments.create(PRINCIPAL, principal=LANDING, resourceShareArn=owner.id)
    found = payments.read(PRINCIPAL, f"{owner.id},{LANDING}")
    assert found is not None
    assert found[2] == made.inputs


def test_an_outsider_in_a_share_for_insiders_is_refused(payments: Plugin, vault: str) -> None:
    owner = share(payments, external=False)
    payments.create(RESOURCE, resourceArn=vault, resourceShareArn=owner.id)
    with pytest.raises(Refusal, match="AssociateResourceShare with OperationNotPermittedException"):
        payments.create(PRINCIPAL, principal=LANDING, resourceShareArn=owner.id)


def test_a_share_cut_by_hand_is_gone(aws: Emulator, payments: Plugin, vault: str) -> None:
    owner = share(payments)
    made = payments.create(PRINCIPAL, principal=AUDIT, resourceShareArn=owner.id)
    aws.client("ram", PAYMENTS, "eu-west-1").disassociate_resource_share(resourceShareArn=owner.id, principals=[AUDIT])
    assert made.refresh(), "DISASSOCIATING is not gone yet"
    assert not made.refresh()
