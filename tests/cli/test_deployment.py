"""What the deployment commands print, hand on and exit with. The deployment itself is tried in tests/deploy."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest

from airlock import deploy as room
from airlock.cli import main
from airlock.domain.inventory import Inventory, Landing
from airlock.runbook.inventory_file import read_inventory

INVENTORY = Inventory(
    estate="nordbank",
    pattern="cross-organization",
    written_at="2026-11-20T10:00:00+00:00",
    landing=Landing(
        account_id="888888888888",
        region="eu-west-1",
        requester_role_arn="arn:aws:iam::888888888888:role/airlock-requester",
        restore_role_arn="arn:aws:iam::888888888888:role/airlock-restore",
        kms_key_arn="arn:aws:kms:eu-west-1:888888888888:key/1",
    ),
    teams=[],
    portal_url="",
    vaults=[],
    primary_account_ids=[],
)


def _deployed(folder: Path, *waiting: room.Waiting, up: Literal["made", "skipped"] = "made") -> room.DeployResult:
    inventory = folder / "build" / "kit" / "inventory.json"
    inventory.parent.mkdir(parents=True)
    inventory.write_text(INVENTORY.to_json())
    stack = room.StackResult(
        name="recovery", role="recovery", account="recovery", up=up, resources=7, seconds=1.5, changes={"create": 7}
    )
    return room.DeployResult(stacks=(stack,), waiting=waiting, handover=folder / "handover.json", inventory=inventory)


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., list[room.DeployRequest]]:
    asked: list[room.DeployRequest] = []

    def give(*waiting: room.Waiting) -> list[room.DeployRequest]:
        def deploy(request: room.DeployRequest, on_event: room.OnEvent) -> room.DeployResult:
            asked.append(request)
            on_event(room.OperationStarted(stack="recovery", account="recovery", operation="up"))
            on_event(
                room.ResourceStep(
                    stack="recovery", operation="up", action="create", resource_type="t", resource="team", done=True
                )
            )
            on_event(room.OperationFinished(stack="recovery", operation="up", seconds=1.5, changes={"create": 7}))
            on_event(room.Note(stack="recovery", sentence="Its handover was written."))
            return _deployed(tmp_path, *waiting)

        monkeypatch.setattr(room, "deploy", deploy)
        return asked

    return give


def test_deploy_prints_progress_and_completes_the_kit(
    deployed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = deployed()
    assert main(["deploy", "--estate", "e.yaml", "--project", str(tmp_path), "--json"]) == 0
    captured = capsys.readouterr()
    data = json.loads(captured.out)
    assert data["stacks"][0]["resources"] == 7
    assert data["stacks"][0]["up"] == "made"
    assert data["waiting"] == []
    kit = {path.name for path in Path(data["kit"]).iterdir()}
    assert kit == {"inventory.json", "card.html", "runbook.md", "airlock.pyz", "requirements.txt"}
    for words in ("up in account recovery", "create t team", "7 to create", "handover was written"):
        assert words in captured.err
    (request,) = asked
    assert (request.estate_path, request.project_dir, request.pulumi_bin) == (Path("e.yaml"), tmp_path, None)
    assert request.list_vaults is not None, "a vault that a refresh does not find would stop every run"


def test_deploy_ends_with_what_waits_for_people(
    deployed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed(room.Waiting(stack="recovery", resource="quorum", sentence="3 people have to accept."))
    assert main(["deploy", "--project", str(tmp_path)]) == 3
    out = capsys.readouterr().out
    assert "recovery, quorum: 3 people have to accept." in out
    assert "run `airlock deploy` again" in out


def test_a_skipped_up_is_said_to_people_and_to_machines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = _deployed(tmp_path, up="skipped")
    monkeypatch.setattr(room, "deploy", lambda *_: result)
    assert main(["deploy"]) == 0
    assert "`up` was skipped for 1 of them" in capsys.readouterr().out
    assert main(["deploy", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["stacks"][0]["up"] == "skipped"


def test_a_failed_stack_ends_with_its_own_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def deploy(*_: Any) -> None:
        raise room.StackFailed("workload-payments", "up", ["The vault `payments-2026` exists."])

    monkeypatch.setattr(room, "deploy", deploy)
    assert main(["deploy"]) == 1
    captured = capsys.readouterr()
    assert "`workload-payments` failed during up" in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_preview_says_what_each_stack_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stacks = (
        room.StackPreview(name="recovery", role="recovery", account="recovery", changes={"create": 3}),
        room.StackPreview(
            name="landing", role="landing", account="landing", changes=None, needs=("the stack `recovery`",)
        ),
    )
    monkeypatch.setattr(room, "preview", lambda *_: room.PreviewResult(stacks=stacks))
    assert main(["preview"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "recovery: 3 to create",
        "landing: not yet previewable: needs the stack `recovery`",
    ]
    assert main(["preview", "--json"]) == 0
    assert [stack["needs"] for stack in json.loads(capsys.readouterr().out)["stacks"]] == [[], ["the stack `recovery`"]]


def test_the_handover_is_exported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(room, "export_handover", lambda _: Path("/p/handover.json"))
    assert main(["handover", "export", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"handover": "/p/handover.json"}


def test_a_kit_is_made_from_state_or_from_an_inventory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = _deployed(tmp_path).inventory
    assert written is not None
    monkeypatch.setattr(room, "write_inventory", lambda _: written)
    assert main(["kit", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kit"] == str(written.parent)

    monkeypatch.setattr(room, "write_inventory", lambda _: pytest.fail("must not read any state"))
    assert main(["kit", "--inventory", str(written), "--out", str(tmp_path / "usb")]) == 0
    assert read_inventory(tmp_path / "usb" / "inventory.json") == INVENTORY


def test_an_interrupt_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(room, "deploy", interrupted)
    assert main(["deploy"]) == 130
    assert "Interrupted" in capsys.readouterr().err
