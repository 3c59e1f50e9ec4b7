"""The approval portal over plain HTTP: what the pages say, what the forms do, and what they refuse."""

import html
import re

import pytest

from tests.emulator.conftest import LANDING, PAYMENTS, Emulator
from tests.emulator.worlds.portal_visitor import Visitor
from tests.emulator.worlds.recovery import ADA, BO, CLEO, HOUR, Recovery
from tests.emulator.worlds.vault_request import COMMENT, access_state, ask_for_access, protected_vault, share_team


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


@pytest.fixture
def vault(recovery: Recovery) -> str:
    team = recovery.active()
    share_team(recovery, team)
    return protected_vault(recovery, team)


def visitor(recovery: Recovery, person: str) -> Visitor:
    someone = Visitor(recovery.emulator)
    assert someone.sign_in(recovery.people[person]).status == 200
    return someone


def code(recovery: Recovery, person: str, session: str) -> str:
    mails = [mail for mail in recovery.mails(person) if mail["code"] and mail["session_arn"] == session]
    return str(mails[-1]["code"])


def test_everybody_with_an_account_gets_a_button_to_sign_in(recovery: Recovery) -> None:
    recovery.change(CLEO, enabled=False)
    page = Visitor(recovery.emulator).get()
    assert page.buttons == ["Sign in as ada.lind", "Sign in as bo.berg"]
    assert "cleo.dahl is disabled and cannot sign in" in page.text


def test_a_disabled_person_is_not_let_in_and_not_kept_in(recovery: Recovery) -> None:
    ada = visitor(recovery, ADA)
    assert "Signed in as ada.lind" in ada.get("requests").text
    recovery.change(ADA, enabled=False)
    assert "Signed in" not in ada.get("requests").text
    assert Visitor(recovery.emulator).sign_in(recovery.people[ADA]).status == 403
    assert Visitor(recovery.emulator).sign_in("nobody").status == 403


def test_signing_out_works(recovery: Recovery) -> None:
    ada = visitor(recovery, ADA)
    ada.send("sign-out")
    assert "Sign in as ada.lind" in ada.get("requests").text


def test_every_page_says_that_this_is_not_aws(recovery: Recovery, vault: str) -> None:
    _, session = ask_for_access(recovery.emulator, vault)
    ada = visitor(recovery, ADA)
    pages = [ada.get(name) for name in ("", "invitations", "requests", "history", "mailbox", "nothing", "teams")]
    pages += [ada.request_page(session), Visitor(recovery.emulator).get(), Visitor(recovery.emulator).send("vote")]
    for page in pages:
        assert "EMULATOR, not AWS" in page.text
        assert "<script" not in page.html
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert pages[5].status == 404


def test_an_invitation_is_accepted_or_declined_on_its_page(recovery: Recovery) -> None:
    team = recovery.create()
    ada, bo = visitor(recovery, ADA), visitor(recovery, BO)
    page = ada.get("invitations")
    for words in ("Become an approver of team quorum", "Opens the backups.", "2 of 3", "recovery (777777777777)"):
        assert words in page.text
    assert page.buttons[-2:] == ["Accept", "Decline"]
    done = ada.send("answer", team_arn=team, response="ACCEPTED")
    assert (done.status, "You accepted the invitation." in done.text) == (200, True)
    assert recovery.state(team) == ("PENDING", "PENDING_ACTIVATION")
    bo.send("answer", team_arn=team, response="REJECTED")
    assert recovery.state(team) == ("INACTIVE", "FAILED_ACTIVATION")


def test_an_invitation_that_lapsed_is_gone_and_its_form_refused(recovery: Recovery) -> None:
    team = recovery.create()
    ada = visitor(recovery, ADA)
    recovery.emulator.advance(24 * HOUR + 60)
    assert "No invitation waits for you." in ada.get("invitations").text
    late = ada.send("answer", team_arn=team, response="ACCEPTED")
    assert (late.status, "no invitation is open" in late.text) == (409, True)


def test_a_request_page_says_all_that_a_voter_must_know(recovery: Recovery, vault: str) -> None:
    _, session = ask_for_access(recovery.emulator, vault)
    recovery.vote(session, BO)
    ada = visitor(recovery, ADA)
    assert "Requests ( 1 open)" in ada.get("requests").text
    page = ada.request_page(session)
    for words in (
        "Give access to a backup vault",
        f"Vault payments-2026 of account payments ({PAYMENTS}) in eu-west-1",
        vault,
        "backup:CreateRestoreAccessBackupVault",
        "read every recovery point in the vault",
        f"landing ({LANDING})",
        f"arn:aws:iam::{LANDING}:root",
        COMMENT,
        "Answer before",
        "(in 24 hours)",
        "1 of 2 approvals",
        "ada.lind (you) has not answered",
        "bo.berg approved",
        "cleo.dahl has not answered",
        "One-time code",
    ):
        assert words in page.text, f"An approver would vote without knowing: {words}"
    assert page.buttons[-2:] == ["Approve", "Reject"]


def test_the_right_code_counts_and_access_opens_at_the_second_approval(recovery: Recovery, vault: str) -> None:
    backup, session = ask_for_access(recovery.emulator, vault)
    for person, state in ((ADA, "CREATING"), (BO, "AVAILABLE")):
        someone = visitor(recovery, person)
        done = someone.send("vote", session_arn=session, response="APPROVED", code=code(recovery, person, session))
        assert (done.status, "Your approval was counted." in done.text) == (200, True)
        assert access_state(backup) == state
    page = visitor(recovery, CLEO).request_page(session)
    assert "approved and carried out" in page.text
    assert "Approve" not in page.buttons, "A decided request must not ask for votes."


def test_a_wrong_or_missing_code_is_a_clear_error_and_no_vote(recovery: Recovery, vault: str) -> None:
    backup, session = ask_for_access(recovery.emulator, vault)
    _, other = ask_for_access(recovery.emulator, vault, "another-access")
    ada = visitor(recovery, ADA)
    right = code(recovery, ADA, session)
    wrong = "000000" if right != "000000" else "000001"
    for given in (wrong, ""):
        refused = ada.send("vote", session_arn=session, response="APPROVED", code=given)
        assert refused.status == 409
        words = "This is not the one-time code that was mailed to you" if given else "The one-time code is missing"
        assert words in refused.text
        assert "Your vote was not counted." in refused.text
        assert "<title>Not done:" in refused.html, "The title is what a screen reader says first."
    for given in (code(recovery, BO, session), code(recovery, ADA, other)):
        assert visitor(recovery, CLEO).send("vote", session_arn=session, response="APPROVED", code=given).status == 409
    responses = {r["IdentityId"]: r["Response"] for r in recovery.session(session)["ApproverResponses"]}
    assert responses[recovery.people[ADA]] == "NO_RESPONSE", "A vote without the right code was counted."
    recovery.vote(session, BO)
    assert access_state(backup) == "CREATING"
    ada.send("vote", session_arn=session, response="APPROVED", code=right)
    assert access_state(backup) == "AVAILABLE", "After wrong codes the right one must still work."


def test_somebody_whose_address_changed_gets_a_code_when_the_team_is_synchronized(
    recovery: Recovery, vault: str
) -> None:
    recovery.change(ADA, email="ada@new.example.com")
    backup, session = ask_for_access(recovery.emulator, vault)
    assert not [mail for mail in recovery.mails(ADA) if mail["code"]]
    ada = visitor(recovery, ADA)
    refused = ada.send("vote", session_arn=session, response="APPROVED", code="")
    assert refused.status == 409
    assert "synchronize the team (SYNCHRONIZE_MFA_DEVICES): you then get a code" in refused.text
    of_bo = code(recovery, BO, session)
    team = recovery.session(session)["ApprovalTeamArn"]
    recovery.mpa.update_approval_team(Arn=team, UpdateActions=["SYNCHRONIZE_MFA_DEVICES"])
    assert code(recovery, BO, session) == of_bo, "Whoever has a code keeps it."
    ada.send("vote", session_arn=session, response="APPROVED", code=code(recovery, ADA, session))
    recovery.vote(session, BO)
    assert access_state(backup) == "AVAILABLE"


def test_a_second_vote_and_a_late_vote_are_refused(recovery: Recovery, vault: str) -> None:
    _, session = ask_for_access(recovery.emulator, vault)
    ada, bo = visitor(recovery, ADA), visitor(recovery, BO)
    form = {"session_arn": session, "response": "REJECTED", "code": code(recovery, ADA, session)}
    assert "Your rejection was counted." in ada.send("vote", **form).text
    again = ada.send("vote", **{**form, "response": "APPROVED"})
    assert (again.status, "You have rejected already" in again.text) == (409, True)
    recovery.emulator.advance(24 * HOUR + 60)
    form = {"session_arn": session, "response": "APPROVED", "code": code(recovery, BO, session)}
    late = bo.send("vote", **form)
    assert (late.status, "This request is over (expired), so no more votes are taken" in late.text) == (409, True)
    assert "expired" in bo.get("history").text


def test_people_who_are_not_asked_see_and_decide_nothing(recovery: Recovery) -> None:
    team = recovery.active(people=(ADA, BO))
    recovery.mpa.update_approval_team(Arn=team, Description="New words.")
    session = recovery.team(team)["UpdateSessionArn"]
    cleo = visitor(recovery, CLEO)
    assert "No request waits for your answer." in cleo.get("requests").text
    assert cleo.request_page(session).status == 404
    assert cleo.send("vote", session_arn=session, response="APPROVED").status == 404
    assert cleo.send("answer", team_arn=team, response="ACCEPTED").status == 404


def test_nothing_is_sent_when_nobody_is_signed_in(recovery: Recovery, vault: str) -> None:
    _, session = ask_for_access(recovery.emulator, vault)
    stranger = Visitor(recovery.emulator)
    sent = stranger.send("vote", session_arn=session, response="APPROVED", code=code(recovery, ADA, session))
    assert sent.status == 403
    assert recovery.session(session)["Status"] == "PENDING"


@pytest.mark.parametrize("origin", ["", "null", "http://evil.example", "http://127.0.0.1:1"])
def test_forms_of_other_sites_are_refused(recovery: Recovery, origin: str) -> None:
    team = recovery.create()
    ada = visitor(recovery, ADA)
    ada.origin = origin
    assert ada.send("answer", team_arn=team, response="REJECTED").status == 403
    assert recovery.state(team) == ("PENDING", "PENDING_ACTIVATION"), "Another site's page declined for Ada."


def test_an_update_shows_what_would_change(recovery: Recovery) -> None:
    team = recovery.active()
    recovery.mpa.update_approval_team(
        Arn=team, ApprovalStrategy={"MofN": {"MinApprovalsRequired": 1}}, Approvers=recovery.approvers(ADA, BO)
    )
    page = visitor(recovery, CLEO).request_page(recovery.team(team)["UpdateSessionArn"])
    assert "Threshold before: 2 of 3 after: 1 of 2" in page.text
    assert "Approvers before: ada.lind, bo.berg, cleo.dahl after: ada.lind, bo.berg" in page.text


def test_a_practice_is_marked_as_one(recovery: Recovery) -> None:
    team = recovery.active()
    session = recovery.mpa.start_approval_team_baseline(Arn=team)["BaselineSessionArn"]
    ada = visitor(recovery, ADA)
    assert "Practice: show that you can be reached" in ada.get("requests").text
    assert "0 of 3 people reached" in ada.get("requests").text
    page = ada.request_page(session)
    assert page.buttons[-1:] == ["I can be reached"]
    assert "Reject" not in page.buttons, "There is nothing to reject in a practice."
    assert "You were reached" in ada.send("vote", session_arn=session, response="APPROVED").text
    assert "ada.lind (you) reached" in ada.get("history").text


def test_the_mailbox_holds_the_codes(recovery: Recovery, vault: str) -> None:
    _, session = ask_for_access(recovery.emulator, vault)
    text = visitor(recovery, ADA).get("mailbox").text
    assert f"One-time code: {code(recovery, ADA, session)}" in text
    assert code(recovery, BO, session) not in text, "Ada can read Bo's code."


def test_what_a_requester_writes_stays_text(recovery: Recovery) -> None:
    request = {**recovery.request(), "Description": "<b>Trust me</b> <script>vote()</script>"}
    recovery.mpa.create_approval_team(**request)
    page = visitor(recovery, ADA).get("invitations")
    assert "&lt;script&gt;" in page.html
    assert "<script" not in page.html


def test_a_third_wrong_code_makes_the_mailed_one_void_and_a_new_one_is_mailed(recovery: Recovery, vault: str) -> None:
    backup, session = ask_for_access(recovery.emulator, vault)
    ada = visitor(recovery, ADA)
    first = code(recovery, ADA, session)
    for words in ("This is not the one-time code", "This is not the one-time code", "A new one was mailed to you"):
        assert words in ada.send("vote", session_arn=session, response="APPROVED", code="abcdef").text
    second = code(recovery, ADA, session)
    assert second != first
    assert ada.send("vote", session_arn=session, response="APPROVED", code=first).status == 409
    recovery.vote(session, BO)
    assert access_state(backup) == "CREATING"
    ada.send("vote", session_arn=session, response="APPROVED", code=second)
    assert access_state(backup) == "AVAILABLE"


def test_a_form_that_is_sent_twice_is_answered_as_the_first_time(recovery: Recovery, vault: str) -> None:
    _, session = ask_for_access(recovery.emulator, vault)
    ada = visitor(recovery, ADA)
    form = {"session_arn": session, "response": "APPROVED", "code": code(recovery, ADA, session)}
    for _ in range(2):
        done = ada.send("vote", **form)
        assert (done.status, "Your approval was counted." in done.text) == (200, True)
    assert sum(r["Response"] == "APPROVED" for r in recovery.session(session)["ApproverResponses"]) == 1
    team = recovery.create("another")
    for _ in range(2):
        assert "You accepted the invitation." in ada.send("answer", team_arn=team, response="ACCEPTED").text
    assert ada.send("answer", team_arn=team, response="REJECTED").status == 409


@pytest.mark.parametrize("token", ["", "0" * 64, "nonsense"])
def test_a_form_without_the_token_of_its_sender_is_refused(recovery: Recovery, token: str) -> None:
    team = recovery.create()
    ada = visitor(recovery, ADA)
    ada.token = token
    assert ada.send("answer", team_arn=team, response="REJECTED").status == 403
    assert recovery.state(team) == ("PENDING", "PENDING_ACTIVATION")
    assert ada.send("sign-out").status == 403


def test_the_token_of_somebody_else_is_refused(recovery: Recovery) -> None:
    team = recovery.create()
    ada, bo = visitor(recovery, ADA), visitor(recovery, BO)
    bo.get("invitations")
    ada.token = bo.seen
    assert ada.send("answer", team_arn=team, response="REJECTED").status == 403
    assert recovery.state(team) == ("PENDING", "PENDING_ACTIVATION")


def test_a_link_from_a_mail_leads_there_after_signing_in(recovery: Recovery, vault: str) -> None:
    _, session = ask_for_access(recovery.emulator, vault)
    ada = Visitor(recovery.emulator)
    page = ada.request_page(session)
    assert "Sign in as ada.lind" in page.text
    there = html.unescape(re.findall(r'name="next" value="([^"]*)"', page.html)[0])
    arrived = ada.send("sign-in", identity_id=recovery.people[ADA], next=there)
    assert "Give access to a backup vault" in arrived.text
    assert "Go to your answer" in arrived.text


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example/portal/requests", "/_emulator/reset", "\\\\x"]
)
def test_signing_in_leads_to_no_other_place(recovery: Recovery, away: str) -> None:
    ada = Visitor(recovery.emulator)
    arrived = ada.send("sign-in", identity_id=recovery.people[ADA], next=away)
    assert "Signed in as ada.lind" in arrived.text


def test_a_request_says_what_happens_when_it_is_refused(recovery: Recovery, vault: str) -> None:
    _, session = ask_for_access(recovery.emulator, vault)
    page = visitor(recovery, ADA).request_page(session)
    assert "asks for access to everything in vault payments-2026 of account payments" in page.text
    assert "no answer counts as a no" in page.text
    assert "If refused The account that asks gets no access" in page.text


def test_the_teams_page_shows_health_and_who_was_reached(recovery: Recovery) -> None:
    team = recovery.active()
    ada = visitor(recovery, ADA)
    assert "healthy" in ada.get("teams").text
    for _ in range(2):
        session = recovery.mpa.start_approval_team_baseline(Arn=team)["BaselineSessionArn"]
        recovery.vote(session, ADA)
        recovery.emulator.advance(25 * HOUR)
    recovery.change(CLEO, enabled=False)
    page = ada.get("teams")
    assert "needs attention" in page.text
    assert "bo.berg did not answer the last 2 sessions" in page.text
    assert "cleo.dahl is disabled" in page.text
    assert "ada.lind (you) active answered a practice" in page.text
    assert "2 of 3; 2 can vote today" in page.text


def test_the_past_shows_who_answered_and_when(recovery: Recovery, vault: str) -> None:
    _, session = ask_for_access(recovery.emulator, vault)
    recovery.vote(session, ADA)
    recovery.vote(session, BO, "REJECTED")
    recovery.emulator.advance(25 * HOUR)
    text = visitor(recovery, CLEO).get("history").text
    for words in ("expired", "ada.lind approved", "bo.berg rejected", "cleo.dahl (you) has not answered", "UTC, ended"):
        assert words in text


def test_the_monthly_report_can_be_read_by_whoever_keeps_the_management_account(recovery: Recovery) -> None:
    recovery.active()
    page = Visitor(recovery.emulator)
    assert "No mail yet." in page.get("account-mail?account=777777777777").text
    recovery.emulator.advance(31 * 24 * HOUR)
    assert "Team quorum: ACTIVE, healthy" in page.get("account-mail?account=777777777777").text
    assert page.get("account-mail?account=999999999999").status == 404
