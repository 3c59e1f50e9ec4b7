"""AWS Backup: plans and what they select."""

from __future__ import annotations

from collections.abc import Mapping

from botocore.exceptions import ClientError

from tools.aws_plugin import rules
from tools.aws_plugin.account import Aws
from tools.aws_plugin.errors import PluginError, code_of
from tools.aws_plugin.fields import Field, blocks, boolean, integer, mapping, nested, string, strings, table, tags
from tools.aws_plugin.resource import Resource, changed, moment
from tools.aws_plugin.tagging import bring_up_to_date, ours
from tools.aws_plugin.translation import from_aws, to_aws
from tools.aws_plugin.values import Properties
from tools.aws_plugin.waiting import retry, says

LIFECYCLE = {
    "coldStorageAfter": integer(aws="MoveToColdStorageAfterDays", zero_is_none=True),
    "deleteAfter": integer(aws="DeleteAfterDays", zero_is_none=True),
    "optInToArchiveForSupportedResources": boolean(from_aws=True),
}
COPY_ACTION = {
    "destinationVaultArn": string(required=True, aws="DestinationBackupVaultArn", rule=rules.arn),
    "lifecycle": nested(LIFECYCLE),
}
# The windows and the time zone are sent even where the program is silent: the real plugin's defaults are not AWS's.
RULE = {
    "completionWindow": integer(default=180, aws="CompletionWindowMinutes"),
    "copyActions": blocks(COPY_ACTION),
    "enableContinuousBackup": boolean(),
    "lifecycle": nested(LIFECYCLE),
    "recoveryPointTags": mapping(),
    "ruleName": string(required=True, rule=rules.text(1, 50, "0-9A-Za-z_.-")),
    "schedule": string(aws="ScheduleExpression"),
    "scheduleExpressionTimezone": string(default="Etc/UTC"),
    "startWindow": integer(default=60, aws="StartWindowMinutes"),
    "targetLogicallyAirGappedBackupVaultArn": string(),
    "targetVaultName": string(required=True, aws="TargetBackupVaultName", rule=rules.text(2, 50, "0-9A-Za-z_-")),
}
ADVANCED = {"backupOptions": mapping(required=True), "resourceType": string(required=True)}
CONDITION = {"key": string(required=True, aws="ConditionKey"), "value": string(required=True, aws="ConditionValue")}
CONDITIONS = {
    "stringEquals": blocks(CONDITION),
    "stringLikes": blocks(CONDITION, aws="StringLike"),
    "stringNotEquals": blocks(CONDITION),
    "stringNotLikes": blocks(CONDITION, aws="StringNotLike"),
}
SELECTION_TAG = {
    "key": string(required=True, aws="ConditionKey"),
    "type": string(required=True, aws="ConditionType"),
    "value": string(required=True, aws="ConditionValue"),
}
# AWS may count a selection that has just been deleted.
SELECTIONS_ARE_LEFT = says("InvalidRequestException", "selections")
# A role that has just been made is not known everywhere, nor are its policies.
ROLE_IS_NEW = says("InvalidParameterValueException", "cannot be assumed", "is not authorized to call")


class Plan(Resource):
    """When backups are made and where they go. Its id is AWS's."""

    type_name = "aws:backup/plan:Plan"
    inputs = table(
        {
            "advancedBackupSettings": blocks(ADVANCED),
            "name": string(required=True, replaces=True, aws="BackupPlanName"),
            "rules": blocks(RULE, required=True),
            "tags": tags(),
        }
    )
    computed = ("arn", "version")

    def create(self, aws: Aws, new: Properties) -> str:
        made = aws.client("backup").create_backup_plan(BackupPlan=self._plan(new), BackupPlanTags=new.get("tags") or {})
        return str(made["BackupPlanId"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        client = aws.client("backup")
        try:
            found = client.get_backup_plan(BackupPlanId=id_)
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise
        if moment(found.get("DeletionDate")):
            return None
        # The plan inside the answer may hold the advanced settings too; the real plugin reads those beside it.
        plan = {**found["BackupPlan"], "AdvancedBackupSettings": found.get("AdvancedBackupSettings")}
        return {
            **from_aws({name: field for name, field in self.inputs.items() if name != "tags"}, plan),
            "arn": found["BackupPlanArn"],
            "version": found["VersionId"],
            "tags": ours(client.list_tags(ResourceArn=found["BackupPlanArn"]).get("Tags", {})),
        }

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        client = aws.client("backup")
        if changed(old, new, "rules", "advancedBackupSettings"):
            client.update_backup_plan(BackupPlanId=id_, BackupPlan=self._plan(new))
        bring_up_to_date(
            old,
            new,
            lambda put: client.tag_resource(ResourceArn=old["arn"], Tags=put),
            lambda keys: client.untag_resource(ResourceArn=old["arn"], TagKeyList=keys),
        )

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        client = aws.client("backup")
        retry(lambda: client.delete_backup_plan(BackupPlanId=id_), on=SELECTIONS_ARE_LEFT)

    def _plan(self, new: Properties) -> dict[str, object]:
        return to_aws({name: field for name, field in self.inputs.items() if name != "tags"}, new)


class Selection(Resource):
    """Which resources a plan backs up. Nothing of it changes in place. An import names it PLAN|SELECTION."""

    type_name = "aws:backup/selection:Selection"
    inputs = table(
        {
            "conditions": blocks(CONDITIONS, replaces=True, from_aws=True),
            "iamRoleArn": string(required=True, replaces=True, rule=rules.arn),
            "name": string(required=True, replaces=True, aws="SelectionName", rule=rules.text(1, 50, "0-9A-Za-z_.-")),
            "notResources": strings(replaces=True, from_aws=True),
            "planId": string(required=True, replaces=True),
            "resources": strings(replaces=True),
            "selectionTags": blocks(SELECTION_TAG, replaces=True, aws="ListOfTags"),
        }
    )

    def create(self, aws: Aws, new: Properties) -> str:
        selection = to_aws(_in_aws(self.inputs), _one_condition(new))
        client, plan = aws.client("backup"), new["planId"]
        made = retry(
            lambda: client.create_backup_selection(BackupPlanId=plan, BackupSelection=selection), on=ROLE_IS_NEW
        )
        return str(made["SelectionId"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        plan, _, selection = id_.rpartition("|")
        plan = plan or str(known.get("planId", ""))
        try:
            found = aws.client("backup").get_backup_selection(BackupPlanId=plan, SelectionId=selection)
        except ClientError as error:
            # AWS answers with either, depending on whether the plan or the selection is gone.
            if code_of(error) in ("ResourceNotFoundException", "InvalidParameterValueException"):
                return None
            raise
        live = from_aws(_in_aws(self.inputs), found["BackupSelection"])
        return {**live, "planId": plan, "conditions": [live.get("conditions", {})]}

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        try:
            aws.client("backup").delete_backup_selection(BackupPlanId=old["planId"], SelectionId=id_)
        except ClientError as error:
            if code_of(error) != "InvalidParameterValueException":
                raise

    def settled_id(self, id_: str, live: Properties) -> str:
        return id_.rpartition("|")[2]


def _in_aws(fields: Mapping[str, Field]) -> dict[str, Field]:
    """The selection as AWS has it: one block of conditions, and the plan is named beside it."""
    return {name: field for name, field in fields.items() if name != "planId"} | {"conditions": nested(CONDITIONS)}


def _one_condition(new: Properties) -> Properties:
    """Pulumi has a list of condition blocks, AWS takes one: an empty one is sent where the program has none."""
    found = new.get("conditions") or []
    if len(found) > 1:
        raise PluginError("A backup selection takes one `conditions` block; put all conditions into it.")
    return {**new, "conditions": found[0] if found else {}}
