"""AWS Backup: settings that exist whether or not a program writes them. Destroying one only forgets it."""

from __future__ import annotations

from tools.aws_plugin.account import Aws
from tools.aws_plugin.fields import boolean, mapping, table
from tools.aws_plugin.resource import Resource, present
from tools.aws_plugin.values import Properties


class GlobalSettings(Resource):
    """Opt-ins of the whole organization. Its id is the management account's."""

    type_name = "aws:backup/globalSettings:GlobalSettings"
    inputs = table({"globalSettings": mapping(required=True)})
    regional = False

    def create(self, aws: Aws, new: Properties) -> str:
        aws.client("backup").update_global_settings(GlobalSettings=new["globalSettings"])
        return aws.account_id

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        return {"globalSettings": aws.client("backup").describe_global_settings()["GlobalSettings"]}

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        aws.client("backup").update_global_settings(GlobalSettings=new["globalSettings"])

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        """Stays as it is, as with the real plugin: nobody switches approvals off by removing a line of a program."""


class RegionSettings(Resource):
    """Which services AWS Backup covers in a Region. Its id is the Region.

    AWS answers with every service it knows, so a program that names only some of them sees a change at every refresh;
    the real plugin does the same.
    """

    type_name = "aws:backup/regionSettings:RegionSettings"
    inputs = table(
        {
            "resourceTypeManagementPreference": mapping(boolean(), from_aws=True),
            "resourceTypeOptInPreference": mapping(boolean(), required=True),
        }
    )

    def create(self, aws: Aws, new: Properties) -> str:
        self._write(aws, new)
        return aws.region

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        found = aws.client("backup").describe_region_settings()
        return {
            "resourceTypeManagementPreference": found.get("ResourceTypeManagementPreference", {}),
            "resourceTypeOptInPreference": found["ResourceTypeOptInPreference"],
        }

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        self._write(aws, new)

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        """Stays as it is, as with the real plugin."""

    def _write(self, aws: Aws, new: Properties) -> None:
        aws.client("backup").update_region_settings(
            ResourceTypeOptInPreference=new["resourceTypeOptInPreference"],
            **present(ResourceTypeManagementPreference=new.get("resourceTypeManagementPreference") or None),
        )
