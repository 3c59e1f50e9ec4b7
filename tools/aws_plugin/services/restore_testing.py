"""AWS Backup: restore testing plans and selections."""

from __future__ import annotations

from collections.abc import Iterator

from botocore.exceptions import ClientError

from tools.aws_plugin import rules
from tools.aws_plugin.account import Aws
from tools.aws_plugin.errors import code_of
from tools.aws_plugin.fields import blocks, integer, mapping, nested, same, string, strings, table, tags
from tools.aws_plugin.resource import Resource
from tools.aws_plugin.tagging import bring_up_to_date, ours
from tools.aws_plugin.translation import from_aws, to_aws
from tools.aws_plugin.values import UNKNOWN, Properties

POINTS = {
    "algorithm": string(required=True),
    "excludeVaults": strings(),
    "includeVaults": strings(required=True),
    "recoveryPointTypes": strings(required=True),
    "selectionWindowDays": integer(from_aws=True, rule=rules.between(1, 365)),
}
NAME = rules.text(1, 50, "0-9A-Za-z_")
CONDITION = {"key": string(required=True), "value": string(required=True)}
CONDITIONS = {"stringEquals": blocks(CONDITION), "stringNotEquals": blocks(CONDITION)}


class RestoreTestingPlan(Resource):
    """How often restores are tried, and from which vaults. Its id is its name."""

    type_name = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
    framework = True
    state_is_planned = True
    settings = table(
        {
            "name": string(required=True, replaces=True, aws="RestoreTestingPlanName", rule=NAME),
            "recoveryPointSelection": nested(POINTS, required=True),
            "scheduleExpression": string(required=True),
            "scheduleExpressionTimezone": string(from_aws=True),
            "startWindowHours": integer(from_aws=True, rule=rules.between(0, 168)),
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
        changeable = {name: field for name, field in self.settings.items() if name != "name"}
        if any(name in new and not same(field, new[name], old.get(name)) for name, field in changeable.items()):
            settings = to_aws(changeable, new)
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
    """What a restore testing plan tries. Its id is SELECTION:PLAN."""

    type_name = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
    framework = True
    state_is_planned = True
    changeable = table(
        {
            "iamRoleArn": string(required=True, rule=rules.arn),
            "protectedResourceArns": strings(from_aws=True),
            "protectedResourceConditions": nested(CONDITIONS, from_aws=True),
            "restoreMetadataOverrides": mapping(from_aws=True),
            "validationWindowHours": integer(from_aws=True, rule=rules.between(1, 168)),
        }
    )
    fixed = table(
        {
            "name": string(required=True, replaces=True, aws="RestoreTestingSelectionName", rule=NAME),
            "protectedResourceType": string(required=True, replaces=True),
        }
    )
    inputs = table({**changeable, **fixed, "restoreTestingPlanName": string(required=True, replaces=True)})

    def contradictions(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        both = ("protectedResourceArns", "protectedResourceConditions")
        if UNKNOWN in map(inputs.get, both):
            return
        if len([name for name in both if inputs.get(name)]) != 1:
            yield both[0], f"or `{both[1]}` must be given, exactly one of the two."

    def create(self, aws: Aws, new: Properties) -> str:
        aws.client("backup").create_restore_testing_selection(
            RestoreTestingPlanName=new["restoreTestingPlanName"],
            RestoreTestingSelection=to_aws({**self.changeable, **self.fixed}, new),
        )
        return self.settled_id("", new)

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        """By the two names: states of earlier versions of this plugin have the first for an id."""
        name, _, plan = id_.partition(":")
        name, plan = known.get("name", name), known.get("restoreTestingPlanName", plan)
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
        """Other ARNs alone are not sent, and then stored as done: the real plugin compares the rest only."""
        compared = {name: field for name, field in self.changeable.items() if name != "protectedResourceArns"}
        if all(same(field, new.get(name, old.get(name)), old.get(name)) for name, field in compared.items()):
            return
        aws.client("backup").update_restore_testing_selection(
            RestoreTestingPlanName=new["restoreTestingPlanName"],
            RestoreTestingSelectionName=new["name"],
            RestoreTestingSelection=to_aws(self.changeable, new),
        )

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        aws.client("backup").delete_restore_testing_selection(
            RestoreTestingPlanName=old["restoreTestingPlanName"], RestoreTestingSelectionName=old["name"]
        )

    def settled_id(self, id_: str, live: Properties) -> str:
        return f"{live['name']}:{live['restoreTestingPlanName']}"
