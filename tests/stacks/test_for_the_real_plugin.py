"""What the compositions ask of Pulumi's own `aws` plugin, which is less kind than it seems: docs/real-plugin.md."""

import json

import pytest

from airlock.domain.roles import ROLES
from tests.components.recording import Recording, Registration
from tests.stacks.running import Project, run

# The ids that are AWS's own for the object [pu ids]; all others are the plugin's matter, and some are made up.
AWS_IDS = {"aws:organizations/policy:Policy", "aws:backup/plan:Plan"}
EXACT_MAPS = ("RegionSettings", "GlobalSettings")
SWITCHED_OFF_BY_A_DELETE = ("AwsServiceAccess", "SharingWithOrganization", "EncryptionByDefault")


def everything(example: Project) -> list[Recording]:
    return [run(example, role)[0] for role in ROLES]


def of(example: Project, *kinds: str) -> list[Registration]:
    return [one for recording in everything(example) for kind in kinds for one in recording.of(kind)]


def test_no_id_of_the_plugins_own_making_is_relied_on(example: Project) -> None:
    for recording in everything(example):
        own = {f"{one.name}-id": one for one in recording if one.type.startswith("aws:") and one.type not in AWS_IDS}
        for one in recording:
            used = [own[text].name for text in own if f'"{text}"' in json.dumps(one.inputs)]
            assert not used, f"{one.name} takes the id of {used}, which is another one on the real plugin"


def test_no_setting_that_grows_is_compared_as_a_whole(example: Project) -> None:
    found = [one for one in of(example, *EXACT_MAPS) if one.type.startswith("aws:backup/")]
    assert not found, "what AWS adds to these maps would be a change at every `up` [tf region] [tf global]"


def test_what_others_rely_on_outlives_its_deletion(example: Project) -> None:
    found = of(example, *SWITCHED_OFF_BY_A_DELETE)
    assert {one.type.rsplit(":", 1)[-1] for one in found} == set(SWITCHED_OFF_BY_A_DELETE)
    for one in found:
        assert one.retain_on_delete, f"to delete {one.name} switches it off for everybody [tf access] [tf ramorg]"


def test_a_replaced_default_key_is_not_reset_after_the_new_one_is_set(example: Project) -> None:
    (key,) = of(example, "DefaultKmsKey")
    assert key.delete_before_replace, "deleting the old one last leaves the account under AWS's own key [tf ebskey]"


def test_what_hangs_on_a_share_goes_with_it(example: Project) -> None:
    found = of(example, "PrincipalAssociation", "ResourceAssociation")
    assert found
    for one in found:
        assert "ResourceShare::" in one.deleted_with, f"{one.name} cannot be taken away while it waits [gh tf#13458]"


@pytest.mark.parametrize("kind", ["backup/selection:Selection", "RestoreTestingSelection"])
def test_a_role_has_its_rights_before_aws_backup_is_given_it(example: Project, kind: str) -> None:
    for recording in everything(example):
        for one in recording.of(kind):
            rights = [urn for urn in one.dependencies if "RolePolicyAttachment" in urn]
            assert rights, f"{one.name} is refused while AWS Backup does not know the role's rights [tf rts]"
