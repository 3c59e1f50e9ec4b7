"""AWS Backup: restore testing plans and selections. The ids are names."""

from __future__ import annotations

from botocore.exceptions import ClientError

from tools.aws_plugin.account import Aws
from tools.aws_plugin.errors import code_of
from tools.aws_plugin.fields import blocks, integer, mapping, nested, string, strings, table, tags
from tools.aws_plugin.resource import Resource
from tools.aws_plugin.tagging import bring_up_to_date, ours
from tools.aws_plugin.translation import from_aws, to_aws
from tools.aws_plugin.values import Properties

POINTS = {
    "algorithm": string(required=True),
    "excludeVaults": strings(),
    "includeVaults": strings(required=True),
    "recoveryPointTypes": strings(required=True),
    "selectionWindowDays": integer(default=30),
}
CONDITION = {"key": string(required=True), "value": string(required=True)}
CONDITIONS = {"stringEquals": blocks(CONDITION), "stringNotEquals": blocks(CONDITION)}


class RestoreTestingPlan(Resource):
    """How often restores are tried, and from which vaults."""

    type_name = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
    settings = table(
        {
            "name": string(required=True, replaces=True, aws="RestoreTestingPlanName"),
            "recoveryPointSelection": nested(POINTS, required=True),
            "scheduleExpression": string(required=True),
            "scheduleExpressionTimezone": string(from_aws=True),
            "startWindowHours": integer(from_aws=True),
        }
    )
    inputs = table({**settings, "tags": tags()})
    computed = ("arn",)

    def create(self, aws: Aws, new: Properties) -> str:
        aws.client("backup").create_restore_testing_plan(
            RestoreTestingPlan=to_aws(self.settings, new), Tags=new.get("tags") or {}
        )
        return str(new["name"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        client = aws.client("backup")
        try:
            found = client.get_restore_testing_plan(RestoreTestingPlanName=id_)["RestoreTestingPlan"]
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise
        arn = found["RestoreTestingPlanArn"]
        live = ours(client.list_tags(ResourceArn=arn).get("Tags", {}))
        return {**from_aws(self.settings, found), "arn": arn, "tags": live}

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        client = aws.client("backup")
        settings = to_aws({name: field for name, field in self.settings.items() if name != "name"}, new)
        client.update_restore_testing_plan(RestoreTestingPlanName=id_, RestoreTestingPlan=settings)
        bring_up_to_date(
            old,
            new,
            lambda put: client.tag_resource(ResourceArn=old["arn"], Tags=put),
            lambda keys: client.untag_resource(ResourceArn=old["arn"], TagKeyList=keys),
        )

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        aws.client("backup").delete_restore_testing_plan(RestoreTestingPlanName=id_)


class RestoreTestingSelection(Resource):
    """What a restore testing plan tries. An import names it SELECTION:PLAN."""

    type_name = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
    changeable = table(
        {
            "iamRoleArn": string(required=True),
            "protectedResourceArns": strings(from_aws=True),
            "protectedResourceConditions": nested(CONDITIONS, from_aws=True),
            "restoreMetadataOverrides": mapping(from_aws=True),
            "validationWindowHours": integer(from_aws=True),
        }
    )
    fixed = table(
        {
            "name": string(required=True, replaces=True, aws="RestoreTestingSelectionName"),
            "protectedResourceType": string(required=True, replaces=True),
        }
    )
    inputs = table({**changeable, **fixed, "restoreTestingPlanName": string(required=True, replaces=True)})

    def create(self, aws: Aws, new: Properties) -> str:
        aws.client("backup").create_restore_testing_selection(
            RestoreTestingPlanName=new["restoreTestingPlanName"],
            RestoreTestingSelection=to_aws({**self.changeable, **self.fixed}, new),
        )
        return str(new["name"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        name, _, plan = id_.partition(":")
        plan = plan or str(known.get("restoreTestingPlanName", ""))
        try:
            found = aws.client("backup").get_restore_testing_selection(
                RestoreTestingPlanName=plan, RestoreTestingSelectionName=name
            )["RestoreTestingSelection"]
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise
        return from_aws(self.inputs, {**found, "RestoreTestingPlanName": plan})

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        aws.client("backup").update_restore_testing_selection(
            RestoreTestingPlanName=new["restoreTestingPlanName"],
            RestoreTestingSelectionName=id_,
            RestoreTestingSelection=to_aws(self.changeable, new),
        )

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        aws.client("backup").delete_restore_testing_selection(
            RestoreTestingPlanName=old["restoreTestingPlanName"], RestoreTestingSelectionName=id_
        )

    def settled_id(self, id_: str) -> str:
        return id_.partition(":")[0]
