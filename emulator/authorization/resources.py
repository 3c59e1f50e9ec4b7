"""Facts about the resource in an ARN: whose it is, its tags, and its policy."""

from collections.abc import Callable
from importlib import import_module

from emulator.authorization import documents
from emulator.authorization.documents import Document
from emulator.authorization.evaluation import RESOURCE, TRUST
from emulator.authorization.services import iam, kms, organizations, s3
from emulator.world import organizations as _organizations

Tags = dict[str, str]

# Services whose resources RCPs reach, among those that are evaluated (backup, mpa, ram, iam and organizations are not).
UNDER_RESOURCE_CONTROL = frozenset({"kms", "s3", "sts"})
_PARTS = 6


def service_of(arn: str) -> str:
    return arn.split(":")[2] if arn.startswith("arn:") and arn.count(":") >= _PARTS - 1 else ""


def account_of(arn: str, default: str) -> str:
    """The account that a resource belongs to; `default` (the caller's) where the ARN is `*` or names none."""
    service = service_of(arn)
    if service == "s3":
        return s3.owner_of(arn) or default
    account = arn.split(":")[4] if service else ""
    return account if account.isdecimal() else default


def tags_of(arn: str) -> Tags:
    """The tags of a resource; none when it is not there."""
    read = _TAGS.get(service_of(arn))
    return {} if read is None else read(arn)


def policy_of(arn: str, action: str) -> Document | None:
    """The policy on the resource, as far as it has a say about this action; None when there is none."""
    read = _POLICIES.get(action.partition(":")[0])
    text = None if read is None else read(arn)
    return None if text is None else documents.read(text)


def kind_of_policy(action: str) -> str:
    return TRUST if action.startswith("sts:") else RESOURCE


def _vault(arn: str) -> str | None:
    backup = import_module("moto.backup.models")
    vault = backup.find_vault(arn)
    if vault is None and ":recovery-point:" in arn and service_of(arn):
        parts = arn.split(":")
        found = backup.find_point(arn, parts[4], parts[3])
        vault = None if found is None else found[0]
    return None if vault is None or not vault.policy else str(vault.policy)


def _backup_tags(arn: str) -> Tags:
    backup = import_module("moto.backup.models")
    _, _, _, region, account, kind, *names = arn.split(":", 6)
    vault = backup.find_vault(arn)
    if vault is not None:
        return dict(vault.tags)
    backend = backup.known_backend(account, region)
    if backend is None:
        return {}
    if kind == "backup-plan":
        plan = backend.plans.get("".join(names))
        return {} if plan is None else dict(plan.tags)
    found = backup.find_point(arn, account, region)
    return {} if found is None else dict(found[1].tags)


def _mpa_tags(arn: str) -> Tags:
    """A session has the tags of its team."""
    state = import_module("moto.mpa.state")
    if not _organizations.account_exists(arn.split(":")[4]):
        return {}
    session = state.find_session(arn) if ":session/" in arn else None
    team_arn = session.team_arn if session is not None else arn
    team = state.find_team(team_arn) if ":approval-team/" in team_arn else None
    source = state.of(arn.split(":")[4]).identity_source
    if team is not None:
        return dict(team.tags)
    return dict(source.tags) if source is not None and source.arn == arn else {}


def _ram_tags(arn: str) -> Tags:
    shares = import_module("moto.ram.state").shares()
    return next((dict(share.tags) for share in shares if share.arn == arn), {})


def _kms_tags(arn: str) -> Tags:
    return kms.tags_of(arn)


def _iam_tags(arn: str) -> Tags:
    return iam.tags_of(arn)


_TAGS: dict[str, Callable[[str], Tags]] = {
    "backup": _backup_tags,
    "iam": _iam_tags,
    "kms": _kms_tags,
    "mpa": _mpa_tags,
    "organizations": organizations.tags_of,
    "ram": _ram_tags,
}
_POLICIES: dict[str, Callable[[str], str | None]] = {
    "backup": _vault,
    "kms": kms.policy_of,
    "s3": s3.policy_of,
    "sts": iam.policy_of,
}
