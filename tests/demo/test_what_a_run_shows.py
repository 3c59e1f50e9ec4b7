"""One thing goes wrong, and evidence, report and exit code say so."""

from __future__ import annotations

import io
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from demo import __main__ as demo
from demo.attack import REFUSED, WORKED
from demo.evidence import APPROVED, REJECTED, Evidence
from demo.report import render
from demo.terminal import Terminal
from tests.demo.told import DIGEST, attempt, changed, rejected, restored, told

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = Path(__file__).resolve().parents[2] / "demo" / "evidence.schema.json"


def missed_rto_by_people(evidence: Evidence) -> None:
    evidence.recovery_seconds["people"] = 5 * 3600.0


def missed_rto_by_the_machine(evidence: Evidence) -> None:
    evidence.recovery_seconds |= {"people": 3.9 * 3600, "machine": 1000.0}


def missed_rpo(evidence: Evidence) -> None:
    evidence.restored[0]["point_time"] = "2026-11-29T03:00:00+00:00"


def nothing_measured(evidence: Evidence) -> None:
    evidence.recovery_seconds.clear()


def surprise(evidence: Evidence) -> None:
    evidence.attacks.append(attempt("shred the vault", WORKED) | {"as_expected": False})


def no_attempt(evidence: Evidence) -> None:
    evidence.attacks.clear()


def points_lost(evidence: Evidence) -> None:
    evidence.air_gapped[0]["kept"] = 4


def points_not_counted(evidence: Evidence) -> None:
    evidence.air_gapped.clear()


def nothing_approved(evidence: Evidence) -> None:
    evidence.requests = [changed(), rejected()]


def nothing_rejected(evidence: Evidence) -> None:
    evidence.requests = [row for row in evidence.requests if row["outcome"] == APPROVED]


def rejected_and_open(evidence: Evidence) -> None:
    evidence.access_requests(REJECTED)[0]["access"] = "open"


def a_later_request_opens_early(evidence: Evidence) -> None:
    evidence.requests.append(evidence.access_requests(APPROVED)[0] | {"opened_before_quorum": True})


def different(evidence: Evidence) -> None:
    evidence.restored[1] |= {"equal": False, "sha256_after": "0" * 64}


def nothing_restored(evidence: Evidence) -> None:
    evidence.restored.clear()


def called_from_a_lost_account(evidence: Evidence) -> None:
    evidence.kit_only["calls_by_lost_accounts"] = 1


def still_open(evidence: Evidence) -> None:
    evidence.torn_down["gone"] = False


def not_enforced(evidence: Evidence) -> None:
    evidence.enforcement = "off"


def a_second_run_writes(evidence: Evidence) -> None:
    evidence.second_run["write_calls"] = 1


def stopped(evidence: Evidence) -> None:
    evidence.stopped = "The access vault did not open within 60 seconds."


BROKEN: dict[Callable[[Evidence], None], tuple[str, str]] = {
    missed_rto_by_people: ("People: 5 h from each request", "missed"),
    missed_rto_by_the_machine: ("Machine: 16 min 40 s for the rest", "missed"),
    missed_rpo: ("Age of the data: 49 h 30 min", "missed"),
    nothing_measured: ("People: nothing was measured", "not measured"),
    surprise: ("to shred the vault was successful", "not as expected"),
    no_attempt: ("Nothing was attempted", "not proven"),
    points_lost: ("removed 2 recovery points from the air-gapped vault payments-2026", "not proven"),
    points_not_counted: ("were not counted", "not proven"),
    nothing_approved: ("No request for access was approved", "not proven"),
    nothing_rejected: ("No request for access was rejected", "not proven"),
    rejected_and_open: ("A rejected request gave access", "It is open."),
    a_later_request_opens_early: ("before the last vote", "before the last vote that the team needs."),
    different: ("differs from what was backed up", "different"),
    nothing_restored: ("Nothing was restored", "not proven"),
    called_from_a_lost_account: ("as a principal of a lost account", "made 1 call"),
    still_open: ("still there after the tear-down", "is still there"),
    not_enforced: ("Policies were not evaluated", "Enforcement was off"),
    a_second_run_writes: ("A second deployment with nothing to do changed something", "made 1 write call"),
    stopped: ("The story stopped before its end: The access vault did not open", "not proven"),
}


def conclude(evidence: Evidence, folder: Path) -> tuple[int, str, str]:
    """Exit code, page and what the terminal says."""
    evidence.write(folder / "evidence.json")
    out = io.StringIO()
    terminal = Terminal(Console(file=out, width=100))
    code = demo.conclude(folder / "evidence.json", folder / "report.html", terminal)
    return code, (folder / "report.html").read_text(encoding="utf-8"), out.getvalue()


def test_a_story_in_which_everything_held_ends_with_0_and_says_what_it_proved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, page, said = conclude(told(), tmp_path)
    assert code == 0
    assert "The backups came back." in page
    assert "The backups came back." in said
    assert "not proven" not in page + said
    assert "missed" not in page + said
    assert [line.split()[0] for line in said.splitlines()[-3:]] == ["met", "met", "met"]
    assert capsys.readouterr().out == f"evidence: {tmp_path}/evidence.json\nreport:   {tmp_path}/report.html\n"


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_what_is_not_proven_is_on_the_page_in_the_verdict_and_in_the_exit_code(
    broken: Callable[[Evidence], None], tmp_path: Path
) -> None:
    words, on_page = BROKEN[broken]
    evidence = told()
    broken(evidence)
    code, page, said = conclude(evidence, tmp_path)
    assert code == 1, "a script would take this run for a proof"
    assert any(words in problem for problem in evidence.problems()), evidence.problems()
    assert "This run does not prove the recovery." in page
    assert "This run does not prove the recovery." in said
    assert words in said
    assert on_page in page


def test_the_machine_has_what_the_people_left_of_the_objective() -> None:
    evidence = told()
    evidence.recovery_seconds |= {"people": 3.9 * 3600, "machine": 1000.0}
    people, machine, _ = evidence.measures()
    assert (people.verdict, machine.verdict) == ("met", "missed"), "together they took longer than the objective"


def test_the_value_of_these_tests_follows_the_committed_schema() -> None:
    schema = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [error.message for error in schema.iter_errors(json.loads(json.dumps(asdict(told()))))] == []


def test_evidence_that_was_written_is_read_again(tmp_path: Path) -> None:
    told().write(tmp_path / "evidence.json")
    assert Evidence.read(tmp_path / "evidence.json") == told()


def test_the_attempts_are_summed_up_by_how_they_ended() -> None:
    assert told().attempts() == (
        "5 attempts: 1 was refused by a service control policy, 1 was refused by the service itself, 1 was refused by "
        "a permissions boundary, 1 was successful and 1 was held until the team votes. No attempt removed a recovery "
        "point: the air-gapped vaults hold 6 of the 6 that they held before."
    )


def test_outcomes_are_told_apart_by_word_and_by_colour() -> None:
    page = render(told())
    assert '<span class="mark good">refused by a service control policy</span>' in page
    assert '<span class="mark bad">successful</span>' in page
    assert '<span class="mark wait">held until the team votes</span>' in page


def test_every_request_is_on_the_page_with_voters_and_times() -> None:
    page = render(told())
    for row in told().requests:
        assert row["session"] in page
    assert page.count("ada.lind approved at") == 1
    assert page.count("ada.lind rejected at") == 2
    assert "2026-12-02 07:30:01 UTC" in page


def test_digests_commit_and_versions_are_whole() -> None:
    page = render(told())
    assert page.count(DIGEST) == 2 * len(told().restored)
    assert all(value in page for name, value in told().run.items() if name != "started_at")


def test_the_page_holds_no_data_structure_and_no_script() -> None:
    page = render(told())
    body = page[page.index("<main>") :]
    assert re.findall(r"[\[{]['\"&]|\b(?:None|True|False|Undefined)\b", body) == []
    assert re.findall(r"<script|<link|src=|url\(|https?:", page) == [], "the page has to be readable by itself"


def test_what_aws_or_a_person_said_is_escaped() -> None:
    evidence = told()
    evidence.attacks.append(attempt("<script>alert(1)</script>", REFUSED, error="<b>no</b>"))
    evidence.restored.append(restored("arn:aws:s3:::<i>"))
    page = render(evidence)
    assert "<script" not in page
    assert "<b>no" not in page
    assert "<i>" not in page
