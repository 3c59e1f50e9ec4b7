"""Which services AWS Backup may protect in an account and Region."""

from dataclasses import dataclass

import pulumi

from airlock.domain.connection import Connection
from airlock.providers.backup_settings import BackupRegionSettings, BackupRegionSettingsArgs

# Backups that AWS Backup manages in full where it is told to. Without it a table cannot enter a logically air-gapped
# vault; file systems always are, but AWS answers with both.
FULLY_MANAGED = ("DynamoDB", "EFS")


@dataclass(frozen=True, kw_only=True)
class ServiceOptInArgs:
    """The account and Region, and the types that the topology protects there, by AWS's names."""

    connection: Connection
    resource_types: tuple[str, ...]


class ServiceOptIn(pulumi.ComponentResource):
    """Opts these types in: a selection passes over a service that is not, and nothing says so.

    Advanced features are switched on where a type needs them to enter a logically air-gapped vault. What others
    switched on stays on, and what AWS adds later is no change.
    Refuses, at preview: a resource type that AWS Backup does not know in the Region.
    If deleted: AWS keeps the settings.
    """

    settings: BackupRegionSettings

    def __init__(self, name: str, args: ServiceOptInArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:ServiceOptIn", name, None, opts)
        self.settings = BackupRegionSettings(
            f"{name}-opt-in",
            BackupRegionSettingsArgs(
                connection=args.connection.to_dict(),
                services=sorted(args.resource_types),
                fully_managed=[kind for kind in FULLY_MANAGED if kind in args.resource_types],
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
