"""What an organization needs before its backups can be isolated. The organization itself is never made here."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.organizations import AwsServiceAccess, DelegatedAdministrator
from pulumi_aws.ram import SharingWithOrganization

from airlock.domain.connection import Connection
from airlock.providers.backup_settings import BackupGlobalSettings, BackupGlobalSettingsArgs
from airlock.providers.delegation_policy import DelegationPolicy, DelegationPolicyArgs
from airlock.providers.policy_type import EnabledPolicyType, EnabledPolicyTypeArgs
from components.checks import only_account_ids
from components.delegation_statements import statements
from components.ownership import owner

BACKUP = "backup.amazonaws.com"
STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com"
POLICY_TYPES = ("SERVICE_CONTROL_POLICY", "BACKUP_POLICY")

GLOBAL_SETTINGS = ["isCrossAccountBackupEnabled", "isDelegatedAdministratorEnabled", "isMpaEnabled"]


@dataclass(frozen=True, kw_only=True)
class OrganizationFoundationArgs:
    """The management account, and the account that administers AWS Backup for the organization."""

    connection: Connection
    backup_admin_account_id: str

    def __post_init__(self) -> None:
        only_account_ids("The delegated administrator", (self.backup_admin_account_id,))


class OrganizationFoundation(pulumi.ComponentResource):
    """Trusted access, policy types, sharing inside the organization, delegation, and the opt-in to approval teams.

    Everything is added to what is there. Trusted access and sharing that others switched on already are not told apart
    from ours, so both outlive this stack.
    Refuses: anything but an account id as administrator.
    If deleted: the delegation ends, and with it the plans of the roll-out accounts; all else stays switched on.
    """

    organization_id: pulumi.Output[str]
    root_id: pulumi.Output[str]

    def __init__(self, name: str, args: OrganizationFoundationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:OrganizationFoundation", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.policy_types = {
            kind: EnabledPolicyType(
                f"{name}-{kind}",
                EnabledPolicyTypeArgs(
                    connection=args.connection.to_dict(), policy_type=kind, owner=owner(f"{name}-{kind}")
                ),
                child,
            )
            for kind in POLICY_TYPES
        }
        # Deleting any of these would switch it off for the whole organization, whoever relies on it by then.
        kept = pulumi.ResourceOptions(parent=self, retain_on_delete=True)
        self.trusted = {
            service: AwsServiceAccess(f"{name}-{service}", service_principal=service, opts=kept)
            for service in (BACKUP, STACK_SETS)
        }
        self.sharing = SharingWithOrganization(f"{name}-sharing", opts=kept)
        trusted_first = pulumi.ResourceOptions(parent=self, depends_on=[self.trusted[BACKUP]])
        self.administrator = DelegatedAdministrator(
            f"{name}-backup-admin",
            account_id=args.backup_admin_account_id,
            service_principal=BACKUP,
            opts=trusted_first,
        )
        self.delegation = self._delegate(name, args)
        self.settings = BackupGlobalSettings(
            f"{name}-backup-settings",
            BackupGlobalSettingsArgs(connection=args.connection.to_dict(), settings=GLOBAL_SETTINGS),
            trusted_first,
        )
        self.organization_id = self.delegation.id
        # The id is ROOT/TYPE and stays known; with it everything attached to the root waits for the policy type.
        self.root_id = self.policy_types["SERVICE_CONTROL_POLICY"].id.apply(lambda both: both.split("/")[0])
        self.register_outputs({"organization_id": self.organization_id, "root_id": self.root_id})

    def _delegate(self, name: str, args: OrganizationFoundationArgs) -> DelegationPolicy:
        """Registration alone is not enough: policies may be managed only with the organization's resource policy."""
        return DelegationPolicy(
            f"{name}-delegation",
            DelegationPolicyArgs(
                connection=args.connection.to_dict(),
                statements=statements(args.backup_admin_account_id),
                owner=owner(f"{name}-delegation"),
            ),
            pulumi.ResourceOptions(parent=self, depends_on=[self.administrator, self.policy_types["BACKUP_POLICY"]]),
        )
