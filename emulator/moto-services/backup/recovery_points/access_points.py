"""Backup access points: accepted, checked and kept. S3 cannot read through one yet, and so none becomes AVAILABLE."""

from emulator.world import clock

from ..exceptions import AlreadyExistsException, InvalidRequestException, ResourceNotFoundException
from ..models import BackupBackend, find_point
from ..records.governance import AccessPoint, passing
from . import points

NOT_OPENED = "EMULATOR, not AWS: backups cannot be read through S3 access points, see emulator/FIDELITY.md."


def create(
    backend: BackupBackend,
    name: str,
    point_arn: str,
    metadata: dict[str, str],
    policy: str | None,
    tags: dict[str, str],
) -> AccessPoint:
    """CREATING, and then FAILED; while it is being made, its point cannot be deleted."""
    arn = f"arn:aws:backup:{backend.region}:{backend.account}:accesspoint/{name}"
    if arn in present(backend):
        raise AlreadyExistsException(f"A backup access point with the name {name} already exists.", arn=arn)
    found = find_point(point_arn, backend.account, backend.region)
    if found is None or found[0].account != backend.account:
        raise ResourceNotFoundException(f"Recovery point {point_arn} does not exist in this account and Region.")
    vault, point = found
    points.check_open(vault)
    if point.resource_type != "S3":
        raise InvalidRequestException(
            f"Recovery point {point_arn} is of type {point.resource_type}; only S3 has access points."
        )
    made = AccessPoint(
        arn=arn,
        created=clock.now(),
        tags=tags,
        passing=passing("CREATING"),
        name=name,
        vault_name=vault.name,
        vault_arn=vault.arn,
        point_arn=point.arn,
        resource_arn=point.resource_arn,
        resource_type=point.resource_type,
        metadata=metadata,
        policy=policy,
    )
    backend.governance.access_points[arn] = made
    return made


def delete(backend: BackupBackend, arn: str) -> None:
    found = find(backend, arn)
    if found.deleting:
        raise InvalidRequestException(f"Backup access point {arn} is being deleted already.")
    found.deleting = True
    found.passing = passing("DELETING")


def find(backend: BackupBackend, arn: str) -> AccessPoint:
    found = present(backend).get(arn)
    if found is None:
        raise ResourceNotFoundException(f"Backup access point {arn} does not exist in this account and Region.")
    return found


def present(backend: BackupBackend) -> dict[str, AccessPoint]:
    """What there is for a reader who looks now; a deletion that is over takes effect with this look."""
    kept = backend.governance.access_points
    for arn, found in list(kept.items()):
        found.look("FAILED")
        if found.deleting and found.passing is None:
            del kept[arn]
    return kept


def status(found: AccessPoint) -> str:
    return "FAILED" if found.passing is None else found.passing.state
