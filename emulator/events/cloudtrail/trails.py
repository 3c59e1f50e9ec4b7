"""Trails beside what moto has of them: what CreateTrail refuses, and which trails log an account's events."""

import importlib
import json
from typing import Any

from emulator.authorization import service_principals
from emulator.events.cloudtrail import delivery, history, lookup
from emulator.protocol.answers import Refusal
from emulator.world import organizations

_MOST = 5  # Trails of one account in one Region.
_SERVICE = "cloudtrail.amazonaws.com"


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after one of moto's modules was imported."""
    if module.__name__ == "moto.cloudtrail.models":
        _extend_models(module)
    else:
        _extend_responses(module)


def _extend_models(module: Any) -> None:
    backend, one = module.CloudTrailBackend, module.Trail
    create, update, start, stop = (
        backend.create_trail,
        backend.update_trail,
        backend.start_logging,
        backend.stop_logging,
    )

    def create_trail(self: Any, *given: Any, **named: Any) -> Any:
        name = named.get("name", given[0] if given else "")
        if name in self.trails:
            raise _refused(
                "TrailAlreadyExistsException", f"Trail {name} already exists for customer: {self.account_id}"
            )
        if len(self.trails) >= _MOST:
            raise _refused(
                "MaximumNumberOfTrailsExceededException",
                f"User: {self.account_id} already has {_MOST} trails in {self.region_name}.",
            )
        made = create(self, *given, **named)
        try:
            _check(made)
        except Refusal:
            del self.trails[name]
            raise
        return made

    def update_trail(self: Any, *given: Any, **named: Any) -> Any:
        changed = self.get_trail(named["name"])
        before = dict(vars(changed))
        update(self, *given, **named)
        try:
            changed.check_bucket_exists()
            _check(changed)
        except Exception:
            vars(changed).update(before)
            raise
        return changed

    def start_logging(self: Any, name: str) -> None:
        found = _own(self, name)
        if not found.status.is_logging:
            delivery.begin(found, history.journal.last)
        start(self, found.arn)

    def stop_logging(self: Any, name: str) -> None:
        found = _own(self, name)
        if found.status.is_logging:
            delivery.deliver(found.arn)
        stop(self, found.arn)

    def delete_trail(self: Any, name: str) -> None:
        found = _own(self, name)
        del self.trails[found.trail_name]

    backend.create_trail, backend.update_trail = create_trail, update_trail
    backend.start_logging, backend.stop_logging, backend.delete_trail = start_logging, stop_logging, delete_trail
    one.check_bucket_exists = _check_bucket
    module.TrailStatus.description = delivery.status
    history.watch(delivery.expect)


def _extend_responses(module: Any) -> None:
    def lookup_events(self: Any) -> str:
        return json.dumps(lookup.events(self.current_account, self.region, json.loads(self.body or "{}")))

    module.CloudTrailResponse.lookup_events = lookup_events


def _own(backend: Any, name: str) -> Any:
    """The trail by name or ARN; a member's look at its organization's trail changes nothing."""
    if name.startswith("arn:") and f":{backend.account_id}:" not in name:
        raise _refused("InsufficientDependencyServiceAccessPermissionException", f"Trail {name} is of another account.")
    return backend.get_trail(name)


def _check(made: Any) -> None:
    if made.is_org_trail:
        _check_organization(made.account_id)
    _check_bucket_policy(made)


def _check_organization(account: str) -> None:
    organization = organizations.organization_of(account)
    if organization is None:
        raise _refused("OrganizationsNotInUseException", f"Account {account} is not a member of an organization.")
    if account not in organizations.administrators(account, _SERVICE):
        raise _refused(
            "NotOrganizationMasterAccountException",
            f"Account {account} is neither the management account nor a delegated administrator of its organization.",
        )
    if not organizations.service_access_enabled(organization.id, _SERVICE):
        raise _refused(
            "CloudTrailAccessNotEnabledException",
            f"Trusted access is not enabled for CloudTrail in organization {organization.id}: an organization trail "
            f"needs organizations:EnableAWSServiceAccess for {_SERVICE}.",
        )


def _check_bucket(self: Any) -> None:
    if delivery.bucket_owner(self.bucket_name) is None:
        raise _refused("S3BucketDoesNotExistException", f"S3 bucket {self.bucket_name} does not exist!")


def _check_bucket_policy(made: Any) -> None:
    """CloudTrail may look at the bucket's ACL and write its files there, or there is no trail."""
    policy = delivery.bucket_policy(made.bucket_name)
    context = {
        "aws:sourcearn": made.arn,
        "aws:sourceaccount": made.account_id,
        "s3:x-amz-acl": "bucket-owner-full-control",
    }
    bucket = f"arn:aws:s3:::{made.bucket_name}"
    wanted = [("s3:GetBucketAcl", bucket)]
    wanted += [("s3:PutObject", f"{bucket}/{folder}/file") for folder in delivery.folders(made)]
    if not all(service_principals.may(policy, _SERVICE, action, place, context) for action, place in wanted):
        raise _refused(
            "InsufficientS3BucketPolicyException",
            f"Incorrect S3 bucket policy is detected for bucket: {made.bucket_name}",
        )


def logs(account: str, region: str) -> bool:
    """Whether some trail, of the account or of its organization, records the account's events in this Region."""
    models = importlib.import_module("moto.cloudtrail.models")
    owners = [account]
    organization = organizations.organization_of(account)
    if organization is not None:
        owners += organizations.administrators(organization.management, _SERVICE)
    return any(
        one.status.is_logging
        and (one.is_multi_region or one.region_name == region)
        and (owner == account or one.is_org_trail)
        for owner in owners
        if owner in models.cloudtrail_backends
        for backend in models.cloudtrail_backends[owner].values()
        for one in backend.trails.values()
    )


def _refused(code: str, message: str) -> Refusal:
    return Refusal(400, code, message)
