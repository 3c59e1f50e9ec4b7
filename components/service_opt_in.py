"""Which services AWS Backup may protect in an account and Region."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.backup import RegionSettings

from components.checks import refuse

# AWS answers with every service it knows; a partial list would read as a change on each run.
SERVICES = (
    "Aurora",
    "CloudFormation",
    "DSQL",
    "DocumentDB",
    "DynamoDB",
    "EBS",
    "EC2",
    "EFS",
    "EKS",
    "FSx",
    "Neptune",
    "RDS",
    "Redshift",
    "Redshift Serverless",
    "S3",
    "SAP HANA on Amazon EC2",
    "Storage Gateway",
    "Timestream",
    "VirtualMachine",
)

# Backups that AWS Backup manages in full. Without it a table cannot enter a logically air-gapped vault; file systems
# always are, but AWS answers with both.
FULLY_MANAGED = ("DynamoDB", "EFS")


@dataclass(frozen=True, kw_only=True)
class ServiceOptInArgs:
    """The types that the topology protects here; all of them must be among the services known to AWS Backup."""

    resource_types: tuple[str, ...]

    def __post_init__(self) -> None:
        for unknown in sorted(set(self.resource_types) - set(SERVICES)):
            refuse(f"Resource type `{unknown}`", "is not a service of AWS Backup; correct `resource_types`")


class ServiceOptIn(pulumi.ComponentResource):
    """Opts every service in: a selection passes over a service that is not, and nothing says so.

    DynamoDB's advanced features are switched on, without which a table cannot enter a logically air-gapped vault.
    Refuses: a resource type that AWS Backup does not know.
    If deleted: AWS keeps the settings.
    """

    settings: RegionSettings

    def __init__(self, name: str, args: ServiceOptInArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:ServiceOptIn", name, None, opts)
        del args  # checked when it was made; the settings are the same for every list of types
        self.settings = RegionSettings(
            f"{name}-region",
            resource_type_opt_in_preference=dict.fromkeys(SERVICES, True),
            resource_type_management_preference=dict.fromkeys(FULLY_MANAGED, True),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
