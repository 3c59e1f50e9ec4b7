"""Promises of the seven compositions, in both patterns."""

import json

import pytest

from airlock.domain.roles import ROLES
from tests.components.recording import DYNAMIC
from tests.stacks.running import CONTRACTS, SHARE, TEAM, Project, run


@pytest.mark.parametrize("role", ROLES)
def test_every_resource_is_in_the_account_of_its_stack(example: Project, role: str) -> None:
    recording, _ = run(example, role)
    account = example.estate.account(example.file(role).account)
    provider = recording.one("pulumi:providers:aws")
    assert json.loads(provider.inputs["allowedAccountIds"]) == [account.id]
    for one in recording:
        if one.type.startswith("aws:"):
            assert f"pulumi:providers:aws::{account.key}::" in one.provider, f"{one.name} would use ambient credentials"


@pytest.mark.parametrize("role", ROLES)
def test_every_account_is_reached_through_its_deployment_role(example: Project, role: str) -> None:
    recording, _ = run(example, role)
    account = example.estate.account(example.file(role).account)
    expected = f"arn:aws:iam::{account.id}:role/airlock-deploy"
    provider = recording.one("pulumi:providers:aws").inputs
    assert json.loads(provider["assumeRoles"]) == [{"roleArn": expected, "sessionName": "airlock"}]
    assert provider["profile"] == account.profile
    for one in recording:
        if one.type.startswith(DYNAMIC):
            assert one.inputs["connection"]["role_arn"] == expected
            assert one.inputs["connection"]["account_id"] == account.id


@pytest.mark.parametrize("role", ROLES)
def test_every_stack_exports_its_contract_and_nothing_else(example: Project, role: str) -> None:
    _, exported = run(example, role)
    assert set(exported) == set(CONTRACTS[role])
    assert None not in exported.values()


@pytest.mark.parametrize("role", ROLES)
def test_every_resource_belongs_to_a_component(example: Project, role: str) -> None:
    recording, _ = run(example, role)
    for one in recording:
        if one.type.startswith(("aws:", DYNAMIC)):
            assert "airlock:components:" in one.parent, f"{one.name} stands outside of any promise"


@pytest.mark.parametrize("role", ["vault", "workload"])
def test_every_air_gapped_vault_is_protected_and_has_a_protected_approval(example: Project, role: str) -> None:
    recording, _ = run(example, role)
    vaults = recording.of("LogicallyAirGappedVault")
    approvals = {one.inputs["vault_name"]: one for one in recording.of("VaultApproval")}
    assert vaults
    assert {one.inputs["name"] for one in vaults} == set(approvals), "a vault without a team opens for nobody"
    assert all(one.protect for one in [*vaults, *approvals.values()])
    assert {one.inputs["team_arn"] for one in approvals.values()} == {TEAM}


@pytest.mark.parametrize("role", ["vault", "workload"])
def test_a_vault_is_put_under_its_team_only_after_the_share_was_accepted(example: Project, role: str) -> None:
    recording, _ = run(example, role)
    acceptance = recording.one("ShareAcceptance")
    assert acceptance.inputs["share_arn"] == SHARE
    assert acceptance.inputs["connection"]["region"] == "us-east-1"
    for approval in recording.of("VaultApproval"):
        assert any("ShareAcceptance" in urn for urn in approval.dependencies)


@pytest.mark.parametrize(
    ("role", "resource", "component", "name"),
    [
        ("vault", "LogicallyAirGappedVault", "IsolatedVault", "orders-2026-vault"),
        ("vault", "VaultPolicy", "VaultIntake", "orders-2026-intake-policy"),
        ("vault", "ResourceShare", "VaultSharing", "orders-2026-forensic-share"),
        ("vault", "ResourceAssociation", "VaultSharing", "orders-2026-forensic-vault"),
        ("vault", "PrincipalAssociation", "VaultSharing", "orders-2026-forensic-666666666666"),
        ("vault", "VaultApproval", "VaultApprovals", "quorum-orders-2026"),
        ("vault", "ShareAcceptance", "VaultApprovals", "quorum-acceptance"),
        ("landing", "ShareAcceptance", "AcceptedShare", "team-quorum-acceptance"),
    ],
)
def test_what_belongs_to_a_vault_or_share_keeps_the_urn_that_states_hold(
    cross_organization: Project, role: str, resource: str, component: str, name: str
) -> None:
    recording, _ = run(cross_organization, role)
    registration = recording.one(resource)
    assert registration.name == name
    type_of_parent = registration.parent.split("::")[2].rpartition("$")[2]
    assert type_of_parent == f"airlock:components:{component}", "another URN is another resource"


@pytest.mark.parametrize(
    ("role", "component", "name", "former_name"),
    [
        ("vault", "IsolatedVault", "vaults", "orders-2026"),
        ("vault", "VaultIntake", "intake", "orders-2026-intake"),
        ("vault", "VaultSharing", "forensic", "orders-2026-forensic"),
        ("forensic", "AcceptedShare", "vaults", "orders-2026"),
        ("landing", "AcceptedShare", "teams", "team-quorum"),
    ],
)
def test_a_component_takes_over_the_one_that_states_hold_in_its_place(
    cross_organization: Project, role: str, component: str, name: str, former_name: str
) -> None:
    recording, _ = run(cross_organization, role)
    registration = recording.one(component)
    assert (registration.name, registration.aliases) == (name, (former_name,))


@pytest.mark.parametrize("role", ["vault", "workload"])
def test_a_new_generation_leaves_the_old_one_as_it_is(example: Project, role: str) -> None:
    before, _ = run(example, role)
    name = "orders" if role == "vault" else "payments"
    path = example.folder / example.estate_file
    old = f"      - {{name: {name}-2026, min_retention_days: 7, max_retention_days: 90}}\n"
    new = old + f"      - {{name: {name}-2027, min_retention_days: 14, max_retention_days: 400}}\n"
    path.write_text(path.read_text().replace(old, new))
    after, _ = run(example, role)
    kept = {(one.type, one.name): one.inputs for one in after}
    for one in before.of("LogicallyAirGappedVault"):
        assert kept[one.type, one.name] == one.inputs
    assert len(after.of("VaultApproval")) == len(before.of("VaultApproval")) + 1


def test_copies_of_a_workload_go_to_its_newest_generation(example: Project) -> None:
    path = example.folder / example.estate_file
    old = "      - {name: payments-2026, min_retention_days: 7, max_retention_days: 90}\n"
    path.write_text(path.read_text().replace(old, old + old.replace("2026", "2027")))
    recording, _ = run(example, "workload")
    (rule,) = recording.one("backup/plan:Plan").inputs["rules"]
    assert rule["copyActions"][0]["destinationVaultArn"].endswith(":payments-2027")


def test_a_workload_without_vaults_copies_into_the_vault_account(example: Project) -> None:
    path = example.folder / example.estate_file
    path.write_text(path.read_text().replace("vault_account: payments", "vault_account: bunker"))
    recording, exported = run(example, "workload")
    assert not recording.of("LogicallyAirGappedVault")
    assert exported["vaults"] == []
    (rule,) = recording.one("backup/plan:Plan").inputs["rules"]
    target = "arn:aws:backup:eu-west-1:333333333333:backup-vault:payments-2026"
    assert rule["copyActions"][0]["destinationVaultArn"] == target


def test_management_opts_the_organization_in_to_approval_teams(example: Project) -> None:
    recording, _ = run(example, "management")
    assert "isMpaEnabled" in recording.one("BackupGlobalSettings").inputs["settings"]


def test_management_attaches_the_guardrail_to_the_root(example: Project) -> None:
    recording, exported = run(example, "management")
    assert recording.one("PolicyAttachment").inputs["targetId"] == "r-root"
    assert exported == {"organization_id": "o-organization", "root_id": "r-root"}


def test_the_guardrail_names_the_teams_of_the_topology(example: Project) -> None:
    recording, _ = run(example, "management")
    holder = example.estate.recovery_account.id
    assert f"arn:aws:mpa:us-east-1:{holder}:approval-team/quorum-*" in recording.one("policy:Policy").inputs["content"]


def test_an_existing_organization_is_never_made_or_taken_over(example: Project) -> None:
    recording, _ = run(example, "management")
    assert not recording.of("organizations/organization:Organization")
    assert not recording.of("organizations/resourcePolicy:ResourcePolicy"), "it would overwrite what others wrote there"


def test_everything_about_teams_is_in_us_east_1(example: Project) -> None:
    recording, _ = run(example, "recovery")
    assert {one.inputs["region"] for one in recording if one.type.startswith("aws:ram/")} == {"us-east-1"}
    assert recording.one("ApprovalTeam").inputs["connection"]["region"] == "us-east-1"


def test_a_team_is_shared_with_vault_owners_and_the_landing_account(example: Project) -> None:
    recording, _ = run(example, "recovery")
    principals = {one.inputs["principal"] for one in recording.of("PrincipalAssociation")}
    assert principals == {"333333333333", "444444444444", "888888888888"}


def test_a_team_leaves_its_organization_only_where_the_pattern_says_so(example: Project) -> None:
    recording, _ = run(example, "recovery")
    outside = example.estate.pattern == "cross-organization"
    assert recording.one("ResourceShare").inputs["allowExternalPrincipals"] is outside


def test_a_team_and_its_identity_source_are_protected(example: Project) -> None:
    recording, _ = run(example, "recovery")
    assert recording.one("ApprovalTeam").protect
    assert recording.one("IdentitySource").protect


def test_the_exported_team_is_known_by_its_id(example: Project) -> None:
    recording, exported = run(example, "recovery")
    associated = recording.one("ResourceAssociation").inputs["resourceArn"]
    assert exported["teams"]["quorum"]["arn"] == associated


def test_roll_out_accounts_get_their_plan_from_the_organization(example: Project) -> None:
    recording, exported = run(example, "backup_admin")
    assert [one.inputs["targetId"] for one in recording.of("PolicyAttachment")] == ["555555555555"]
    content = recording.one("policy:Policy").inputs["content"]
    assert "arn:aws:backup:eu-west-1:333333333333:backup-vault:orders-2026" in content
    assert set(exported["policy_ids"]) == {"orders"}


def test_the_vault_takes_copies_of_its_sources_only(example: Project) -> None:
    recording, _ = run(example, "vault")
    (statement,) = recording.one("VaultPolicy").document("policy")["Statement"]
    assert statement["Principal"] == {"AWS": ["arn:aws:iam::555555555555:root"]}


def test_the_forensic_account_accepts_and_tests_every_vault(example: Project) -> None:
    recording, _ = run(example, "forensic")
    accepted = {one.inputs["resource_arn"] for one in recording.of("ShareAcceptance")}
    tested = recording.one("RestoreTestingPlan").inputs["recoveryPointSelection"]["includeVaults"]
    assert (
        accepted
        == set(tested)
        == {
            "arn:aws:backup:eu-west-1:333333333333:backup-vault:orders-2026",
            "arn:aws:backup:eu-west-1:444444444444:backup-vault:payments-2026",
        }
    )


def test_the_landing_account_can_have_a_lapsed_invitation_made_anew(example: Project) -> None:
    recording, _ = run(example, "landing")
    owner = recording.one("ShareAcceptance").inputs["reinvite"]
    assert owner["account_id"] == example.estate.recovery_account.id


def test_accounts_of_the_primary_organization_hold_no_way_into_the_recovery_one(cross_organization: Project) -> None:
    for role in ("management", "backup_admin", "vault", "workload", "forensic"):
        recording, _ = run(cross_organization, role)
        for one in recording:
            assert "777777777777:role" not in json.dumps(one.inputs), f"{role} could change what holds the second key"
