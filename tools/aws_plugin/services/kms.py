"""AWS Key Management Service: keys and their aliases."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from tools.aws_plugin import rules
from tools.aws_plugin.account import Aws
from tools.aws_plugin.errors import code_of
from tools.aws_plugin.fields import boolean, document, integer, same, string, table, tags
from tools.aws_plugin.resource import Resource, changed, present
from tools.aws_plugin.tagging import bring_up_to_date, from_pairs, pairs
from tools.aws_plugin.values import Properties
from tools.aws_plugin.waiting import NOTHING, retry, says, wait

POLICY_IS_NEW = says("MalformedPolicyDocumentException")
KEY_IS_NEW = says("NotFoundException")
UNTIL_POLICY_SHOWS = 10 * 60.0
UNTIL_DELETION = 20 * 60.0


class Key(Resource):
    """A key. Its id is AWS's. Deleting it schedules the deletion: AWS removes no key at once."""

    type_name = "aws:kms/key:Key"
    inputs = table(
        {
            "bypassPolicyLockoutSafetyCheck": boolean(local=True),
            "customerMasterKeySpec": string(default="SYMMETRIC_DEFAULT", replaces=True),
            "deletionWindowInDays": integer(local=True, rule=rules.between(7, 30)),
            "description": string(default=""),
            "enableKeyRotation": boolean(default=False),
            "isEnabled": boolean(default=True),
            "keyUsage": string(default="ENCRYPT_DECRYPT", replaces=True),
            "multiRegion": boolean(default=False, replaces=True),
            "policy": document(from_aws=True),
            "tags": tags(),
        }
    )
    computed = ("arn", "keyId")

    def create(self, aws: Aws, new: Properties) -> str:
        client = aws.client("kms")
        arguments: dict[str, Any] = dict(
            Description=new["description"],
            KeySpec=new["customerMasterKeySpec"],
            KeyUsage=new["keyUsage"],
            MultiRegion=new["multiRegion"],
            Tags=pairs(new.get("tags"), "TagKey", "TagValue"),
            **present(
                Policy=new.get("policy"), BypassPolicyLockoutSafetyCheck=new.get("bypassPolicyLockoutSafetyCheck")
            ),
        )
        # A policy may name a role that has just been made.
        made = retry(lambda: client.create_key(**arguments), on=POLICY_IS_NEW)
        return str(made["KeyMetadata"]["KeyId"])

    def finish(self, aws: Aws, id_: str, new: Properties) -> None:
        """Rotation and the enabled state have calls of their own. AWS switches rotation of enabled keys only."""
        self._switch(aws, id_, {"enableKeyRotation": False, "isEnabled": True}, new)
        self._wait_for_policy(aws, id_, new)

    def _switch(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        client = aws.client("kms")
        if changed(old, new, "isEnabled") and new["isEnabled"]:
            client.enable_key(KeyId=id_)
        if changed(old, new, "enableKeyRotation"):
            switch = client.enable_key_rotation if new["enableKeyRotation"] else client.disable_key_rotation
            retry(
                lambda: switch(KeyId=id_), on=lambda error: code_of(error) in ("NotFoundException", "DisabledException")
            )
        if changed(old, new, "isEnabled") and not new["isEnabled"]:
            client.disable_key(KeyId=id_)

    def _wait_for_policy(self, aws: Aws, id_: str, new: Properties) -> None:
        """A policy that AWS hands back in other words never settles."""
        client, wanted = aws.client("kms"), new.get("policy")
        if not wanted:
            return

        def state() -> str:
            found = client.get_key_policy(KeyId=id_, PolicyName="default")["Policy"]
            return "AS WRITTEN" if same(self.inputs["policy"], wanted, found) else "IN OTHER WORDS"

        what = f"The policy of key {id_}"
        wait(state, "AS WRITTEN", what, through=("IN OTHER WORDS",), seconds=UNTIL_POLICY_SHOWS)

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        client = aws.client("kms")
        try:
            found = client.describe_key(KeyId=id_)["KeyMetadata"]
        except ClientError as error:
            if code_of(error) == "NotFoundException":
                return None
            raise
        if found["KeyState"] == "PendingDeletion":
            return None
        return {
            "arn": found["Arn"],
            "keyId": found["KeyId"],
            "customerMasterKeySpec": found.get("KeySpec", found.get("CustomerMasterKeySpec")),
            "description": found.get("Description", ""),
            "enableKeyRotation": client.get_key_rotation_status(KeyId=id_)["KeyRotationEnabled"],
            "isEnabled": found["Enabled"],
            "keyUsage": found["KeyUsage"],
            "multiRegion": found.get("MultiRegion", False),
            "policy": client.get_key_policy(KeyId=id_, PolicyName="default")["Policy"],
            "tags": from_pairs(client.list_resource_tags(KeyId=id_)["Tags"], "TagKey", "TagValue"),
        }

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        client = aws.client("kms")
        self._switch(aws, id_, old, new)
        if changed(old, new, "description"):
            client.update_key_description(KeyId=id_, Description=new["description"])
        if changed(old, new, "policy") and new.get("policy"):
            retry(
                lambda: client.put_key_policy(KeyId=id_, PolicyName="default", Policy=new["policy"]), on=POLICY_IS_NEW
            )
            self._wait_for_policy(aws, id_, new)
        bring_up_to_date(
            old,
            new,
            lambda put: client.tag_resource(KeyId=id_, Tags=pairs(put, "TagKey", "TagValue")),
            lambda keys: client.untag_resource(KeyId=id_, TagKeys=keys),
        )

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        client, days = aws.client("kms"), old.get("deletionWindowInDays") or 30
        client.schedule_key_deletion(KeyId=id_, PendingWindowInDays=days)

        def state() -> str:
            found = str(client.describe_key(KeyId=id_)["KeyMetadata"]["KeyState"])
            return NOTHING if found == "PendingDeletion" else found

        wait(state, NOTHING, f"Key {id_}", through=("Enabled", "Disabled"), seconds=UNTIL_DELETION)


class Alias(Resource):
    """A name for a key. Its id is the name."""

    type_name = "aws:kms/alias:Alias"
    inputs = table(
        {
            "name": string(required=True, replaces=True),
            "targetKeyId": string(required=True, last_part=True),
        }
    )
    computed = ("arn", "targetKeyArn")

    def create(self, aws: Aws, new: Properties) -> str:
        client, name, key = aws.client("kms"), new["name"], new["targetKeyId"]
        retry(lambda: client.create_alias(AliasName=name, TargetKeyId=key), on=KEY_IS_NEW)
        return str(new["name"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        for page in aws.client("kms").get_paginator("list_aliases").paginate():
            for found in page["Aliases"]:
                if found["AliasName"] == id_ and found.get("TargetKeyId"):
                    arn, key = found["AliasArn"], found["TargetKeyId"]
                    of_key = f"{arn.rsplit(':', 1)[0]}:key/{key}"
                    return {"name": id_, "arn": arn, "targetKeyId": key, "targetKeyArn": of_key}
        return None

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        aws.client("kms").update_alias(AliasName=id_, TargetKeyId=new["targetKeyId"])

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        aws.client("kms").delete_alias(AliasName=id_)
