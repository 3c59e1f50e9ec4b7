"""Amazon S3: buckets and objects, whose they are, what stands in their policies, and the condition keys of S3."""

from typing import Any
from urllib.parse import parse_qsl, unquote

from emulator.authorization.needs import Asking, Need, Values, given
from emulator.authorization.services.s3_actions import ACTIONS, ALSO, OF_A_VERSION, WRITES_AN_OBJECT

Parameters = dict[str, Any]

# Parameters whose condition key is the header of the request.
_HEADERS = {
    "ACL": "s3:x-amz-acl",
    "CopySource": "s3:x-amz-copy-source",
    "GrantFullControl": "s3:x-amz-grant-full-control",
    "GrantRead": "s3:x-amz-grant-read",
    "MetadataDirective": "s3:x-amz-metadata-directive",
    "SSECustomerAlgorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "StorageClass": "s3:x-amz-storage-class",
}
_REQUEST = {
    "Prefix": "s3:prefix",
    "Delimiter": "s3:delimiter",
    "MaxKeys": "s3:max-keys",
    "VersionId": "s3:versionid",
    "ObjectLockMode": "s3:object-lock-mode",
    "ObjectLockRetainUntilDate": "s3:object-lock-retain-until-date",
    "ObjectLockLegalHoldStatus": "s3:object-lock-legal-hold",
}


def needs(asking: Asking) -> list[Need]:
    operation, parameters = asking.operation, asking.parameters
    bucket, key = str(parameters.get("Bucket", "")), parameters.get("Key")
    if not bucket:
        return [Need(f"s3:{ACTIONS.get(operation, operation)}")]
    if operation == "DeleteObjects":
        return _of_each(bucket, parameters)
    resource = f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"
    action = ACTIONS.get(operation, operation)
    if parameters.get("VersionId"):
        action = OF_A_VERSION.get(action, action)
    found = [Need(f"s3:{action}", resource)]
    if operation in WRITES_AN_OBJECT:
        also = sorted({ALSO[name] for name in ALSO if parameters.get(name)})
        found += [Need(f"s3:{each}", resource) for each in also]
    if parameters.get("BypassGovernanceRetention"):
        found.append(Need("s3:BypassGovernanceRetention", resource))
    return found + _of_the_source(parameters)


def _of_each(bucket: str, parameters: Parameters) -> list[Need]:
    objects = parameters.get("Delete", {}).get("Objects", [])
    return [
        Need(
            "s3:DeleteObjectVersion" if each.get("VersionId") else "s3:DeleteObject",
            f"arn:aws:s3:::{bucket}/{each.get('Key', '')}",
        )
        for each in objects
    ]


def _of_the_source(parameters: Parameters) -> list[Need]:
    """A copy reads what it copies."""
    source = parameters.get("CopySource")
    if not source:
        return []
    path, _, query = unquote(str(source)).lstrip("/").partition("?")
    versioned = "Version" if "versionId" in dict(parse_qsl(query)) else ""
    return [Need(f"s3:GetObject{versioned}", f"arn:aws:s3:::{path}")]


def values(asking: Asking) -> Values:
    operation, parameters = asking.operation, asking.parameters
    found: Values = {
        key: (str(parameters[name]),) for name, key in (_HEADERS | _REQUEST).items() if parameters.get(name)
    }
    if operation in ("ListObjects", "ListObjectsV2", "ListObjectVersions"):
        found["s3:prefix"] = (str(parameters.get("Prefix") or ""),)
    location = (parameters.get("CreateBucketConfiguration") or {}).get("LocationConstraint")
    found |= given(s3__LocationConstraint=location)
    tags = _tags_asked_for(parameters)
    found |= {f"s3:requestobjecttag/{name.lower()}": (value,) for name, value in tags.items()}
    if tags:
        found["s3:requestobjecttagkeys"] = tuple(tags)
    return found


def _tags_asked_for(parameters: Parameters) -> dict[str, str]:
    tagging = parameters.get("Tagging")
    if isinstance(tagging, str):
        return dict(parse_qsl(tagging))
    if isinstance(tagging, dict):
        return {tag["Key"]: tag["Value"] for tag in tagging.get("TagSet", [])}
    return {}


def owner_of(arn: str) -> str:
    """The account of the bucket in an ARN, which does not name it; empty when there is no such bucket."""
    from moto.s3.models import s3_backends

    known = s3_backends.bucket_accounts.get(_bucket_in(arn))
    return "" if known is None else str(known[1])


def _bucket_in(arn: str) -> str:
    return arn.removeprefix("arn:aws:s3:::").partition("/")[0]


def _bucket(arn: str) -> Any | None:
    from moto.s3.models import s3_backends

    owner = owner_of(arn)
    return s3_backends[owner]["aws"].buckets.get(_bucket_in(arn)) if owner else None


def policy_of(arn: str) -> str | None:
    bucket = _bucket(arn)
    return None if bucket is None or not bucket.policy else str(bucket.policy.decode())


def restricts_public_access(arn: str) -> bool:
    """Whether a policy that is open to everybody counts for the owner's account only (RestrictPublicBuckets)."""
    bucket = _bucket(arn)
    block = None if bucket is None else bucket.public_access_block
    return block is not None and bool(block.restrict_public_buckets)


def object_tags(arn: str) -> dict[str, str]:
    """The tags of the object in an ARN, for `s3:ExistingObjectTag/...`."""
    from moto.s3.models import s3_backends

    bucket, key = _bucket(arn), arn.removeprefix("arn:aws:s3:::").partition("/")[2]
    found = None if bucket is None or not key else bucket.keys.get(key)
    if found is None:
        return {}
    tagger = s3_backends[owner_of(arn)]["aws"].tagger
    return {tag["Key"]: tag["Value"] for tag in tagger.list_tags_for_resource(found.arn)["Tags"]}
