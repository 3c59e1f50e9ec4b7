"""The evidence of a story in which everything held: the value from which each test breaks one thing."""

from __future__ import annotations

from typing import Any

from demo.attack import NEEDS_VOTE, REFUSED, WORKED
from demo.evidence import ACCESS, APPROVED, CHANGE, REJECTED, Evidence, Step

VAULT = "arn:aws:backup:eu-west-1:444444444444:backup-vault:payments-2026"
SESSION = "arn:aws:mpa:us-east-1:777777777777:session/quorum-0f3a9c/6d1c1e5a-6a0e-4a57-9d43-{}"
ADMINISTRATOR = "The administrator of account 444444444444"
DIGEST = "5f2b" * 16


def told() -> Evidence:
    """One data class of three resources, three requests, five attempts."""
    return Evidence(
        pattern="cross-organization",
        estate="nordbank",
        enforcement="on",
        run={
            "version": "0.1.0",
            "commit": "1f" * 20,
            "engine": "Pulumi 3.259.0",
            "python": "3.11.7",
            "started_at": "2026-11-30T10:00:00+00:00",
        },
        timeline=[
            Step("2026-11-30T10:00:01+00:00", "", "The attack", "chapter"),
            Step("2026-12-01T04:30:00+00:00", "The attacker", "encrypts every object", "attack"),
            Step(
                "2026-12-02T05:00:00+00:00",
                ADMINISTRATOR,
                "tries to delete the table; the attempt is successful",
                "attack",
                WORKED,
            ),
            Step("2026-12-02T06:15:00+00:00", "ada.lind", "rejects the request", "people"),
        ],
        chapters=[{"name": "attack", "title": "The attack", "seconds": 12.3, "cpu_seconds": 20.1}],
        stacks=[{"name": f"stack-{number}", "resources": number, "seconds": 4.2} for number in range(1, 8)],
        second_run={"changes": 0, "write_calls": 0, "writes": []},
        attacked_at="2026-12-01T04:30:00+00:00",
        attacks=attempts(),
        air_gapped=[{"vault": "payments-2026", "points": 6, "kept": 6}],
        kit_only={"calls": 41, "calls_by_lost_accounts": 0},
        requests=[changed(), rejected(), approved()],
        restored=[restored(arn) for arn in ("arn:aws:s3:::nordbank-payments-ledger-444444444444", TABLE, VOLUME)],
        recovery_seconds={"people": 1801.0, "machine": 23.4},
        objectives={"rto_seconds": 4 * 3600, "rpo_seconds": 24 * 3600},
        torn_down={"gone": True, "how": "removed by the landing account, because the owner of the vault is lost"},
    )


TABLE = "arn:aws:dynamodb:eu-west-1:444444444444:table/payments-balances"
VOLUME = "arn:aws:ec2:eu-west-1:444444444444:volume/vol-0a1b2c3d4e5f60718"


def attempts() -> list[dict[str, Any]]:
    return [
        attempt("delete the table", WORKED),
        attempt("delete the air-gapped vault", REFUSED, denied_by="service control policy"),
        attempt("shorten the retention of that point", REFUSED, error="InvalidRequestException: " + "x" * 300),
        attempt("use every right", REFUSED, denied_by="permissions boundary"),
        attempt("remove the approval team from the vault", NEEDS_VOTE),
    ]


def attempt(action: str, outcome: str, *, denied_by: str | None = None, error: str | None = None) -> dict[str, Any]:
    return {
        "actor": ADMINISTRATOR,
        "action": action,
        "outcome": outcome,
        "error": error,
        "denied_by": denied_by,
        "basis": "documented",
        "why": "the live data is the attacker's",
        "as_expected": True,
    }


def request(number: int, kind: str, outcome: str, hour: int, **seen: Any) -> dict[str, Any]:
    votes = [
        {"approver": name, "response": outcome, "time": f"2026-12-02T{hour:02}:{minute}:00+00:00"}
        for name, minute in (("ada.lind", 15), ("bo.berg", 30))
    ]
    return {
        "kind": kind,
        "asked_by": "The landing account",
        "session": SESSION.format(f"{number:012}"),
        "action": "backup:CreateRestoreAccessBackupVault",
        "resource": VAULT,
        "asked_at": f"2026-12-02T{hour:02}:00:00+00:00",
        "outcome": outcome,
        "threshold": 2,
        "approvers": 3,
        "votes": votes,
        **seen,
    }


def changed() -> dict[str, Any]:
    return request(1, CHANGE, REJECTED, 5) | {"action": "backup:DisassociateBackupVaultMpaApprovalTeam"}


def rejected() -> dict[str, Any]:
    return request(
        2,
        ACCESS,
        REJECTED,
        6,
        access_vault="payments-2026-access-1",
        access="none",
        state="FAILED",
        restore_error="The request `payments-2026-access-1` was rejected by the team. There is no access.",
    )


def approved() -> dict[str, Any]:
    return request(
        3,
        ACCESS,
        APPROVED,
        7,
        access_vault="payments-2026-access-2",
        access="open",
        opened_at="2026-12-02T07:30:01+00:00",
        opened_before_quorum=False,
        closed_at="2026-12-02T07:31:00+00:00",
    )


def restored(resource: str) -> dict[str, Any]:
    return {
        "resource": resource,
        "data_class": "payments",
        "point": "arn:aws:backup:eu-west-1:444444444444:recovery-point:7e0c9c6e-1111-4222-8333-1b2c3d4e5f60",
        "point_time": "2026-12-01T03:00:00+00:00",
        "restored_as": f"{resource}-restored",
        "restored_at": "2026-12-02T07:30:40+00:00",
        "sha256_before": DIGEST,
        "sha256_after": DIGEST,
        "equal": True,
    }
