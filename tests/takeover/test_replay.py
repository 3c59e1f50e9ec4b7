"""A recording is made once more in an emulator that gives other ids, and whatever goes otherwise is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from demo.aws import root_client
from tests.takeover.conftest import ACCOUNT, REGION, Recorded
from tests.takeover.ids import Translation
from tests.takeover.replay import Replay, ReplayError
from tests.takeover.selection import needed

if TYPE_CHECKING:
    from demo.emulator import Emulator
    from tests.takeover.calls import Call


def replayed(calls: list[Call], emulator: Emulator) -> Translation:
    return Replay(emulator.url, Translation(datetime.fromisoformat(calls[0].at))).run(calls)


def vault_in(emulator: Emulator) -> dict[str, Any]:
    found: dict[str, Any] = root_client(emulator.url, ACCOUNT, "backup", REGION).describe_backup_vault(
        BackupVaultName="vault"
    )
    return found


def test_what_was_recorded_is_there_again_under_other_ids(recorded: Recorded, emulator: Emulator) -> None:
    translation = replayed(needed(recorded.calls, []), emulator)
    key = vault_in(emulator)["EncryptionKeyArn"]
    assert key != recorded.key, "both emulators gave the same ids, so this proves nothing"
    assert translation.data({"policy": f'{{"Resource": "{recorded.key}"}}'}) == {"policy": f'{{"Resource": "{key}"}}'}


def test_a_session_of_the_recording_is_a_session_of_the_same_role(recorded: Recorded, emulator: Emulator) -> None:
    replayed(needed(recorded.calls, []), emulator)
    [made] = [call for call in emulator.calls() if call.operation == "CreateBackupVault"]
    assert made.principal == f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/session"


def test_a_recording_holds_no_key_and_no_token(recorded: Recorded) -> None:
    calls = needed(recorded.calls, [])
    assert [call.principal for call in calls if call.operation == "CreateBackupVault"] == ["session-1"]
    lines = "".join(call.line() for call in calls)
    assert not [word for word in ("SecretAccessKey", "SessionToken", "ASIA", "Signature") if word in lines]


def test_a_pause_of_the_recording_passes_on_the_emulators_clock(recorded: Recorded, emulator: Emulator) -> None:
    *before, last = needed(recorded.calls, [])
    later = datetime.fromisoformat(last.at) + timedelta(hours=1)
    replayed([*before, replace(last, at=later.isoformat())], emulator)
    key = root_client(emulator.url, ACCOUNT, "kms", REGION).describe_key(KeyId="alias/vault")["KeyMetadata"]
    pause = vault_in(emulator)["CreationDate"] - key["CreationDate"]
    assert timedelta(minutes=59) < pause < timedelta(minutes=70)


def test_a_call_that_succeeded_and_now_fails_is_named(recorded: Recorded, emulator: Emulator) -> None:
    *before, last = needed(recorded.calls, [])
    broken = replace(last, json={**last.json, "EncryptionKeyArn": "arn:aws:kms:eu-west-1:444444444444:key/none"})
    with pytest.raises(ReplayError, match=r"backup:CreateBackupVault of .* was answered 200 .* and 400 now"):
        replayed([*before, broken], emulator)


def test_a_call_whose_answer_lacks_something_is_named(recorded: Recorded, emulator: Emulator) -> None:
    *before, last = needed(recorded.calls, [])
    fuller = replace(last, answer={**last.answer, "VaultColour": "blue"})
    with pytest.raises(ReplayError, match=r"backup:CreateBackupVault of .* has no `VaultColour`"):
        replayed([*before, fuller], emulator)
