"""Search indexes of recovery points: made, counted and deleted. The search itself is another service."""

from emulator.world import clock

from ..common.roles import check_role
from ..exceptions import InvalidParameterValueException, InvalidRequestException, ResourceNotFoundException
from ..models import BackupBackend
from ..records.entities import AIR_GAPPED, RecoveryPoint
from ..records.governance import Index, passing
from . import points

NOT_READ = "EMULATOR, not AWS: the file system of a volume is not read, see emulator/FIDELITY.md."
_TYPES = ("EBS", "S3")


def update(backend: BackupBackend, vault_name: str, point_arn: str, wanted: str, role_arn: str | None) -> Index | None:
    """Make or delete the index of a point; None where there is none and none is wanted."""
    vault = backend.vault(vault_name)
    point = points.point_of(vault, point_arn)
    if vault.kind == AIR_GAPPED:
        raise InvalidRequestException(f"Recovery points in {vault_name} cannot be indexed: it is air-gapped.")
    if point.resource_type not in _TYPES:
        message = f"Recovery point {point_arn} is of type {point.resource_type}; indexed are {', '.join(_TYPES)}."
        raise InvalidRequestException(message)
    index = _present(backend).get(point_arn)
    if wanted == "DISABLED":
        return _disable(index)
    if index is not None and not index.deleting:
        return index
    if role_arn is None:
        raise InvalidParameterValueException("IamRoleArn: AWS Backup needs a role to index a recovery point.")
    check_role(backend, role_arn)
    index = Index(
        arn="",
        created=clock.now(),
        passing=passing("PENDING"),
        vault_name=vault.name,
        vault_arn=vault.arn,
        point_arn=point.arn,
        resource=(point.resource_arn, point.resource_type),
        backed_up=point.created,
        items=_items(point),
        role_arn=role_arn,
    )
    backend.governance.indexes[point_arn] = index
    return index


def _disable(index: Index | None) -> Index | None:
    if index is not None and not index.deleting:
        index.deleting = True
        index.passing = passing("DELETING")
    return index


def _items(point: RecoveryPoint) -> int:
    """The objects of a bucket; what lies on a volume has no file system that is read here."""
    return len(point.content.data.get("objects") or [])


def find(backend: BackupBackend, vault_name: str, point_arn: str) -> Index:
    points.point_of(backend.vault(vault_name), point_arn)
    index = _present(backend).get(point_arn)
    if index is None:
        raise ResourceNotFoundException(f"Recovery point {point_arn} has no index.")
    return index


def all_of(backend: BackupBackend) -> list[Index]:
    return list(_present(backend).values())


def status(index: Index) -> str:
    """What lies on a volume is not read here, so an index of it fails."""
    if index.passing is not None:
        return index.passing.state
    return "ACTIVE" if index.resource[1] == "S3" else "FAILED"


def _present(backend: BackupBackend) -> dict[str, Index]:
    """The indexes as a reader sees them now; an index goes with its point."""
    kept = backend.governance.indexes
    for arn, index in list(kept.items()):
        index.look("ACTIVE")
        if (index.deleting and index.passing is None) or arn not in backend.points:
            del kept[arn]
    return kept
