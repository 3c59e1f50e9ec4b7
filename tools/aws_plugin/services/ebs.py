"""Encryption of new EBS volumes in a Region: settings of the account. Destroying one gives AWS's default back."""

from __future__ import annotations

import uuid

from tools.aws_plugin import rules
from tools.aws_plugin.account import Aws
from tools.aws_plugin.fields import boolean, string, table
from tools.aws_plugin.resource import Resource
from tools.aws_plugin.values import Properties


class EncryptionByDefault(Resource):
    """Whether new volumes are encrypted. There is one per Region; its id is made up, and an import takes any."""

    type_name = "aws:ebs/encryptionByDefault:EncryptionByDefault"
    inputs = table({"enabled": boolean(default=True)})

    def create(self, aws: Aws, new: Properties) -> str:
        self._write(aws, new)
        return f"terraform-{uuid.uuid4().hex}"

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        return {"enabled": aws.client("ec2").get_ebs_encryption_by_default()["EbsEncryptionByDefault"]}

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        self._write(aws, new)

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        aws.client("ec2").disable_ebs_encryption_by_default()

    def _write(self, aws: Aws, new: Properties) -> None:
        client = aws.client("ec2")
        (client.enable_ebs_encryption_by_default if new["enabled"] else client.disable_ebs_encryption_by_default)()


class DefaultKmsKey(Resource):
    """The key of new encrypted volumes. Its id is the key's ARN.

    Deleting it gives AWS's own key back. The real plugin does that also after it has set another key in its place.
    """

    type_name = "aws:ebs/defaultKmsKey:DefaultKmsKey"
    inputs = table({"keyArn": string(required=True, replaces=True, rule=rules.arn)})

    def create(self, aws: Aws, new: Properties) -> str:
        aws.client("ec2").modify_ebs_default_kms_key_id(KmsKeyId=new["keyArn"])
        return str(new["keyArn"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        return {"keyArn": aws.client("ec2").get_ebs_default_kms_key_id()["KmsKeyId"]}

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        aws.client("ec2").reset_ebs_default_kms_key_id()
