"""Operations on legal holds, scan jobs, tiering configurations, access points, indexes and plan templates."""

from typing import Any

from ..common import tagging
from ..exceptions import InvalidParameterValueException, ResourceNotFoundException
from ..plans import templates
from ..protection import legal_holds
from ..records.governance import AccessPoint, Index, LegalHold, ScanJob, Tiering
from ..recovery_points import access_points, indexes, scans, tierings
from .base import ActionResult, EmptyResult, Operations, between


class GovernanceOperations(Operations):
    # Legal holds

    def create_legal_hold(self) -> ActionResult:
        hold = legal_holds.create(
            self.backend,
            self.request["Title"],
            self.request["Description"],
            self.optional("RecoveryPointSelection") or {},
            self.optional("IdempotencyToken"),
            self._tags_of("Tags"),
        )
        return ActionResult(_hold(hold, "CREATING") | {"RecoveryPointSelection": hold.selection or None})

    def get_legal_hold(self) -> ActionResult:
        hold = legal_holds.find(self.backend, self.request["LegalHoldId"])
        more = {
            "CancelDescription": hold.cancel_description,
            "RetainRecordUntil": hold.retain_until,
            "RecoveryPointSelection": hold.selection or None,
        }
        return ActionResult(_hold(hold, legal_holds.status(hold)) | more)

    def list_legal_holds(self) -> ActionResult:
        found = legal_holds.all_of(self.backend)
        return self.list_of("LegalHolds", found, lambda hold: _hold(hold, legal_holds.status(hold)))

    def cancel_legal_hold(self) -> EmptyResult:
        legal_holds.cancel(
            self.backend,
            self.request["LegalHoldId"],
            self.request["CancelDescription"],
            self.optional("RetainRecordInDays"),
        )
        return EmptyResult()

    def list_recovery_points_by_legal_hold(self) -> ActionResult:
        found = legal_holds.points_of(self.backend, self._known_hold(self.request["LegalHoldId"]))
        return self.list_of("RecoveryPoints", found, lambda pair: _held(*pair))

    def _known_hold(self, hold_id: str) -> LegalHold:
        """Of the errors of this list the model names none for a hold that there is not."""
        try:
            return legal_holds.find(self.backend, hold_id)
        except ResourceNotFoundException as error:
            raise InvalidParameterValueException(error.message) from error

    # Scan jobs

    def start_scan_job(self) -> ActionResult:
        job = scans.start(self.backend, self.request)
        return ActionResult({"ScanJobId": job.job_id, "CreationDate": job.created})

    def describe_scan_job(self) -> ActionResult:
        return ActionResult(_scan(scans.find(self.backend, self.request["ScanJobId"])))

    def list_scan_jobs(self) -> ActionResult:
        found = [_scan(job) for job in reversed(self.backend.governance.scans.values())]
        wanted = {
            "AccountId": self.optional("ByAccountId"),
            "BackupVaultName": self.optional("ByBackupVaultName"),
            "MalwareScanner": self.optional("ByMalwareScanner"),
            "RecoveryPointArn": self.optional("ByRecoveryPointArn"),
            "ResourceArn": self.optional("ByResourceArn"),
            "ResourceType": self.optional("ByResourceType"),
            "State": self.optional("ByState"),
            "ScanResultStatus": self.optional("ByScanResultStatus"),
        }
        after, before = self.optional("ByCompleteAfter"), self.optional("ByCompleteBefore")
        chosen = [
            job
            for job in found
            if all(value in (None, job.get(member)) for member, value in wanted.items())
            and between(job["CompletionDate"], after, before)
        ]
        return self.list_of("ScanJobs", chosen, dict)

    def get_pitr_malware_scan_results(self) -> EmptyResult:
        scans.no_result(self.backend, self.request["BackupVaultName"], self.request["RecoveryPointArn"])
        return EmptyResult()

    # Tiering configurations

    def create_tiering_configuration(self) -> ActionResult:
        made = tierings.create(
            self.backend,
            self.request["TieringConfiguration"],
            self.optional("CreatorRequestId"),
            self._tags_of("TieringConfigurationTags"),
        )
        return ActionResult(_tiering_named(made))

    def update_tiering_configuration(self) -> ActionResult:
        changed = tierings.update(
            self.backend, self.request["TieringConfigurationName"], self.request["TieringConfiguration"]
        )
        return ActionResult(_tiering_named(changed) | {"LastUpdatedTime": changed.updated})

    def get_tiering_configuration(self) -> ActionResult:
        found = tierings.find(self.backend, self.request["TieringConfigurationName"])
        answer = _tiering(found) | {"ResourceSelection": found.selections, "CreatorRequestId": found.token}
        return ActionResult({"TieringConfiguration": answer})

    def list_tiering_configurations(self) -> ActionResult:
        found = list(self.backend.governance.tierings.values())
        return self.list_of("TieringConfigurations", found, _tiering)

    def delete_tiering_configuration(self) -> EmptyResult:
        tierings.delete(self.backend, self.request["TieringConfigurationName"])
        return EmptyResult()

    # Access points

    def create_backup_access_point(self) -> ActionResult:
        made = access_points.create(
            self.backend,
            self.request["Name"],
            self.request["RecoveryPointArn"],
            dict(self.optional("AccessPointMetadata") or {}),
            self.optional("AccessPointPolicy"),
            self._tags_of("Tags"),
        )
        return ActionResult({"AccessPointArn": made.arn, "Status": "CREATING"})

    def describe_backup_access_point(self) -> ActionResult:
        return ActionResult(_access_point(access_points.find(self.backend, self.request["AccessPointArn"])))

    def list_backup_access_points(self) -> ActionResult:
        return self._access_points("", "")

    def list_backup_access_points_by_recovery_point(self) -> ActionResult:
        return self._access_points("point_arn", self.request["RecoveryPointArn"])

    def list_backup_access_points_by_resource(self) -> ActionResult:
        return self._access_points("resource_arn", self.request["ResourceArn"])

    def _access_points(self, attribute: str, value: str) -> ActionResult:
        found = [
            one
            for one in access_points.present(self.backend).values()
            if not attribute or getattr(one, attribute) == value
        ]
        return self.list_of("BackupAccessPoints", found, _access_point)

    def delete_backup_access_point(self) -> EmptyResult:
        access_points.delete(self.backend, self.request["AccessPointArn"])
        return EmptyResult()

    # Indexes

    def update_recovery_point_index_settings(self) -> ActionResult:
        name, point_arn, wanted = (self.request[key] for key in ("BackupVaultName", "RecoveryPointArn", "Index"))
        index = indexes.update(self.backend, name, point_arn, wanted, self.optional("IamRoleArn"))
        answer = {"BackupVaultName": name, "RecoveryPointArn": point_arn, "Index": wanted}
        return ActionResult(answer if index is None else answer | {"IndexStatus": indexes.status(index)})

    def get_recovery_point_index_details(self) -> ActionResult:
        index = indexes.find(self.backend, self.request["BackupVaultName"], self.request["RecoveryPointArn"])
        status = indexes.status(index)
        answer = {
            "RecoveryPointArn": index.point_arn,
            "BackupVaultArn": index.vault_arn,
            "SourceResourceArn": index.resource[0],
            "IndexCreationDate": index.created,
            "IndexStatus": status,
            "IndexStatusMessage": indexes.NOT_READ if status == "FAILED" else None,
            "TotalItemsIndexed": index.items if status == "ACTIVE" else None,
        }
        return ActionResult(answer)

    def list_indexed_recovery_points(self) -> ActionResult:
        after, before = self.optional("CreatedAfter"), self.optional("CreatedBefore")
        found = [
            index
            for index in indexes.all_of(self.backend)
            if self.optional("SourceResourceArn") in (None, index.resource[0])
            and self.optional("ResourceType") in (None, index.resource[1])
            and self.optional("IndexStatus") in (None, indexes.status(index))
            and between(index.backed_up, after, before)
        ]
        return self.list_of("IndexedRecoveryPoints", found, _index)

    # Templates of plans

    def list_backup_plan_templates(self) -> ActionResult:
        return self.list_of("BackupPlanTemplatesList", templates.all_templates(), dict)

    def get_backup_plan_from_template(self) -> ActionResult:
        return ActionResult({"BackupPlanDocument": templates.plan_of(self.request["BackupPlanTemplateId"])})

    def export_backup_plan_template(self) -> ActionResult:
        text = templates.exported(self.backend, self.request["BackupPlanId"])
        return ActionResult({"BackupPlanTemplateJson": text})

    def get_backup_plan_from_json(self) -> ActionResult:
        return ActionResult({"BackupPlan": templates.from_text(self.backend, self.request["BackupPlanTemplateJson"])})

    def _tags_of(self, member: str) -> dict[str, str]:
        tags = self.optional(member) or {}
        tagging.check(tags)
        return dict(tags)


def _hold(hold: LegalHold, status: str) -> dict[str, Any]:
    return {
        "Title": hold.title,
        "Status": status,
        "Description": hold.description,
        "LegalHoldId": hold.hold_id,
        "LegalHoldArn": hold.arn,
        "CreationDate": hold.created,
        "CancellationDate": hold.cancelled,
    }


def _held(vault: Any, point: Any) -> dict[str, Any]:
    return {
        "RecoveryPointArn": point.arn,
        "ResourceArn": point.resource_arn,
        "ResourceType": point.resource_type,
        "BackupVaultName": vault.name,
    }


def _scan(job: ScanJob) -> dict[str, Any]:
    state = scans.state(job)
    resource_arn, resource_type, resource_name = job.resource
    kept = ("IamRoleArn", "ScannerRoleArn", "MalwareScanner", "ScanMode", "ScanBaseRecoveryPointArn")
    return {
        "AccountId": job.account,
        "BackupVaultArn": job.vault_arn,
        "BackupVaultName": job.vault_name,
        # The model requires a plan; a job on demand has none.
        "CreatedBy": {"BackupPlanArn": "", "BackupPlanId": "", "BackupPlanVersion": "", "BackupRuleId": ""},
        "CreationDate": job.created,
        "CompletionDate": job.completed,
        "ContinuousScanEndTime": job.request.get("ContinuousScanEndTime"),
        "RecoveryPointArn": job.point_arn,
        "ResourceArn": resource_arn,
        "ResourceType": resource_type,
        "ResourceName": resource_name,
        "ScanJobId": job.job_id,
        "State": state,
        "StatusMessage": scans.NOT_SCANNED if state == "FAILED" else None,
        **{member: job.request[member] for member in kept if member in job.request},
    }


def _tiering_named(found: Tiering) -> dict[str, Any]:
    return {
        "TieringConfigurationArn": found.arn,
        "TieringConfigurationName": found.name,
        "CreationTime": found.created,
    }


def _tiering(found: Tiering) -> dict[str, Any]:
    return _tiering_named(found) | {"BackupVaultName": found.vault_name, "LastUpdatedTime": found.updated}


def _access_point(found: AccessPoint) -> dict[str, Any]:
    status = access_points.status(found)
    return {
        "AccessPointArn": found.arn,
        "AccessPointMetadata": found.metadata,
        "BackupVaultArn": found.vault_arn,
        "BackupVaultName": found.vault_name,
        "CreationTime": found.created,
        "Name": found.name,
        "RecoveryPointArn": found.point_arn,
        "ResourceArn": found.resource_arn,
        "ResourceType": found.resource_type,
        "Status": status,
        "StatusMessage": access_points.NOT_OPENED if status == "FAILED" else None,
    }


def _index(index: Index) -> dict[str, Any]:
    status = indexes.status(index)
    return {
        "RecoveryPointArn": index.point_arn,
        "SourceResourceArn": index.resource[0],
        "IamRoleArn": index.role_arn,
        "BackupCreationDate": index.backed_up,
        "ResourceType": index.resource[1],
        "IndexCreationDate": index.created,
        "IndexStatus": status,
        "IndexStatusMessage": indexes.NOT_READ if status == "FAILED" else None,
        "BackupVaultArn": index.vault_arn,
    }
