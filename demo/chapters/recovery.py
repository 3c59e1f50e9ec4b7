"""Chapters d to f: a request is refused, a request is approved, the data comes back equal, the access is closed."""

from __future__ import annotations

import shutil
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from demo import content
from demo.command import DONE, FAILED, WAITING, Airlock, Answer
from demo.emulator import wait_until
from demo.evidence import ACCESS, APPROVED, REJECTED, REVOCATION
from demo.tale import Chapter

if TYPE_CHECKING:
    from pathlib import Path

    from demo.people import Approver
    from demo.tale import Tale

INCIDENT = "INC-2026-117"
LANDING = "The landing account"
THINKING = 900
"""Emulated seconds between two votes: people read before they answer."""


class Responder:
    """The landing account's responder: holds the kit, with the program in it, one AWS profile, and nothing else."""

    def __init__(self, tale: Tale) -> None:
        self._tale = tale
        self.folder = tale.stage.folder / "responder"
        shutil.copytree(tale.stage.kit, self.folder / "kit")
        self.inventory = self.folder / "kit" / "inventory.json"
        config = self._only_the_landing_profile()
        kept = {
            name: value for name, value in tale.stage.environment.items() if not name.startswith(("PULUMI_", "PYTHON"))
        }
        program = self.folder / "kit" / "airlock.pyz"
        self._airlock = Airlock(kept | {"AWS_CONFIG_FILE": str(config)}, self.folder, program)

    def _only_the_landing_profile(self) -> Path:
        landing = self._tale.estate.account(self._tale.estate.roles.landing)
        config = self.folder / "aws-config"
        lines = (
            f"[profile {landing.profile}]",
            f"region = {self._tale.estate.region}",
            f"endpoint_url = {self._tale.emulator.url}",
            f"aws_access_key_id = {landing.id}",
            "aws_secret_access_key = emulator",
        )
        config.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return config

    def __call__(self, command: str, *arguments: str, expect: tuple[int, ...] = (DONE,)) -> Answer:
        """Run one command of the emergency path with the kit's inventory."""
        return self._airlock(command, "--inventory", str(self.inventory), *arguments, expect=expect)


def recover(tale: Tale) -> None:
    """The whole recovery of every lost data class, working from the kit alone."""
    tale.evidence.kit_only = {"calls": 0, "calls_by_lost_accounts": 0}
    since = tale.emulator.last_call()
    responder = Responder(tale)
    with Chapter(tale, "reject", "The team says no"):
        _rejected(tale, responder)
    machine, people = time.monotonic(), 0.0
    for name in tale.lost_classes:
        with Chapter(tale, f"recover {name}", f"The team says yes, and the data of {name} comes back"):
            asked, people_wall, waited = _approved(tale, responder, name)
            people += waited
            machine += people_wall
            _restore(tale, responder, name, asked)
            _count_calls(tale, since)
            _tear_down(tale, responder, name, asked)
            since = tale.emulator.last_call()
    tale.evidence.recovery_seconds = {"people": people, "machine": round(time.monotonic() - machine, 1)}


def _ask(tale: Tale, responder: Responder, data_class: str) -> dict[str, Any]:
    vault = tale.estate.data_classes[data_class].vaults[-1].name
    comment = f"{INCIDENT}: {data_class} is lost, asking for its backups"
    answer = responder(
        "request", "--vault", vault, "--incident", INCIDENT, "--comment", comment, expect=(DONE, WAITING)
    )
    asked: dict[str, Any] = answer.data
    tale.note(LANDING, f"asks for access to the vault {vault}, as access vault {asked['access_vault']}")
    return asked


def _status(responder: Responder, asked: dict[str, Any]) -> dict[str, Any]:
    answer = responder("status", "--access-vault", asked["access_vault"], expect=(DONE, FAILED, WAITING))
    found: dict[str, Any] = answer.data
    return found


def _session(responder: Responder, asked: dict[str, Any]) -> str:
    return str(wait_until("The approval session", lambda: _status(responder, asked).get("session_arn")))


def _rejected(tale: Tale, responder: Responder) -> None:
    name = tale.lost_classes[0]
    asked = _ask(tale, responder, name)
    session = _session(responder, asked)
    for approver in tale.enough_to_refuse(tale.estate.data_classes[name].team):
        tale.emulator.advance(THINKING)
        _vote(tale, session, approver, REJECTED, f"the request for {asked['access_vault']}")
    state = _status(responder, asked)["state"]
    attempt = responder(
        "restore", "--access-vault", asked["access_vault"], "--before", tale.evidence.attacked_at, expect=(FAILED,)
    )
    seen = {"access": "open" if state == "AVAILABLE" else "none", "state": state, "restore_error": attempt.error}
    tale.evidence.requests.append(_request(tale, session, asked) | seen)
    tale.note(LANDING, f"has no access, and its restore fails: {attempt.error}")


def _approved(tale: Tale, responder: Responder, name: str) -> tuple[dict[str, Any], float, float]:
    """One approved request; also wall seconds spent voting and emulated seconds from the request to the last vote."""
    asked = _ask(tale, responder, name)
    started = datetime.fromisoformat(tale.emulator.now())
    session = _session(responder, asked)
    before_quorum: list[str] = []
    voting = time.monotonic()
    for approver in tale.enough_to_approve(tale.estate.data_classes[name].team):
        before_quorum.append(_status(responder, asked)["state"])
        tale.emulator.advance(THINKING)
        _vote(tale, session, approver, APPROVED, f"the request for {asked['access_vault']}")
    spent = time.monotonic() - voting
    wait_until("Access after the last vote", lambda: _status(responder, asked)["state"] == "AVAILABLE")
    opened = tale.emulator.now()
    tale.note("AWS Backup", f"opens the access vault {asked['access_vault']}")
    seen = {"access": "open", "opened_at": opened, "opened_before_quorum": "AVAILABLE" in before_quorum}
    tale.evidence.requests.append(_request(tale, session, asked) | seen)
    return asked, spent, (datetime.fromisoformat(opened) - started).total_seconds()


def _restore(tale: Tale, responder: Responder, name: str, asked: dict[str, Any]) -> None:
    answer = responder("restore", "--access-vault", asked["access_vault"], "--before", tale.evidence.attacked_at)
    landing = tale.estate.roles.landing
    for row in answer.data["restored"]:
        source = row["source"]
        after = content.fingerprint(tale.clients(landing), row["created"])
        before = tale.fingerprints[source]
        tale.evidence.restored.append(
            {
                "resource": source,
                "data_class": name,
                "point": row["point"],
                "point_time": row["point_time"],
                "restored_as": row["created"],
                "restored_at": tale.emulator.now(),
                "sha256_before": before,
                "sha256_after": after,
                "equal": before == after,
            }
        )
        compared = "equal to" if before == after else "different from"
        tale.note(LANDING, f"restores {source}, and the content is {compared} what was backed up")


def _tear_down(tale: Tale, responder: Responder, name: str, asked: dict[str, Any]) -> None:
    if tale.estate.pattern == "cross-organization":
        responder("teardown", "--access-vault", asked["access_vault"])
        how = "removed by the landing account, because the owner of the vault is lost"
    else:
        _revoke_by_vote(tale, name, asked)
        how = "revoked by a vote of the team, which the owner of the vault asked for"
    landing = tale.client(tale.estate.roles.landing, "backup")
    names = [vault["BackupVaultName"] for vault in landing.list_backup_vaults()["BackupVaultList"]]
    gone = asked["access_vault"] not in names
    tale.evidence.torn_down = {"gone": gone and tale.evidence.torn_down.get("gone", True), "how": how}
    ended = next(row for row in tale.evidence.requests if row.get("access_vault") == asked["access_vault"])
    ended["closed_at"] = tale.emulator.now()
    tale.note(f"The access vault {asked['access_vault']}", f"is {how}")


def _revoke_by_vote(tale: Tale, name: str, asked: dict[str, Any]) -> None:
    """The organization has the account back: its break-glass role asks, the team votes."""
    data = tale.estate.data_classes[name]
    backup = tale.break_glass(data.vault_account, INCIDENT)("backup")
    vault = data.vaults[-1].name
    backup.revoke_restore_access_backup_vault(
        BackupVaultName=vault, RestoreAccessBackupVaultArn=asked["access_vault_arn"], RequesterComment=INCIDENT
    )
    rows = backup.list_restore_access_backup_vaults(BackupVaultName=vault)["RestoreAccessBackupVaults"]
    row = next(row for row in rows if row["RestoreAccessBackupVaultArn"] == asked["access_vault_arn"])
    session = row["LatestRevokeRequest"]["MpaSessionArn"]
    for approver in tale.enough_to_approve(data.team):
        _vote(tale, session, approver, APPROVED, f"the end of {asked['access_vault']}")
    tale.evidence.requests.append(tale.request(session, REVOCATION, f"The break-glass role of {data.vault_account}"))


def _count_calls(tale: Tale, since: int) -> None:
    """From the request to the restored data no principal of a lost account may call AWS (votes are no AWS calls)."""
    landing = tale.estate.account(tale.estate.roles.landing).id
    counted = tale.evidence.kit_only
    for call in tale.emulator.calls(since):
        counted["calls"] += call.account == landing
        counted["calls_by_lost_accounts"] += call.account in tale.lost_accounts


def _request(tale: Tale, session: str, asked: dict[str, Any]) -> dict[str, Any]:
    return tale.request(session, ACCESS, LANDING) | {"access_vault": asked["access_vault"]}


def _vote(tale: Tale, session: str, approver: Approver, response: str, about: str) -> None:
    """One person votes; what is told is what AWS recorded, not what was meant."""
    tale.people.vote(session, approver, response)
    answered = "approves" if tale.answer(session, approver) == APPROVED else "rejects"
    tale.note(approver.name, f"{answered} {about}", "people")
