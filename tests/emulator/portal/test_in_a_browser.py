"""The portal in a real browser, scripts switched off: whole flows by keyboard, on a phone, in light and dark."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import chromium
from tests.emulator.conftest import Emulator
from tests.emulator.portal.portal_checks import problems
from tests.emulator.worlds.recovery import ADA, BO, CLEO, HOUR, Recovery
from tests.emulator.worlds.vault_request import access_state, ask_for_access, protected_vault, share_team

pytestmark = pytest.mark.browser

LONG_NAME = "a-team-with-a-name-that-is-as-long-as-the-service-allows-it-to-b"
PAGES = ("requests", "invitations", "teams", "history", "mailbox")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(autouse=True)
def _people_leave(browser: Browser) -> Iterator[None]:
    """Nobody's window stays open for the next test."""
    yield
    for context in browser.contexts:
        context.close()


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


@pytest.fixture
def asked(recovery: Recovery) -> tuple[Any, str]:
    """A request for access: the client of the account that asks, and the session."""
    team = recovery.active()
    share_team(recovery, team)
    return ask_for_access(recovery.emulator, protected_vault(recovery, team))


def visit(browser: Browser, emulator: Emulator, width: int = 1280, **options: Any) -> Page:
    """The portal as somebody sees it who comes for the first time."""
    settings = {"java_script_enabled": False, "viewport": {"width": width, "height": 800}, **options}
    page = browser.new_context(**settings).new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{emulator.url}/portal/")
    return page


def sign_in(browser: Browser, emulator: Emulator, person: str, width: int = 1280, **options: Any) -> Page:
    page = visit(browser, emulator, width, **options)
    page.get_by_role("button", name=f"Sign in as {person}").click()
    return page


def open_request(page: Page, emulator: Emulator, session: str) -> None:
    page.goto(f"{emulator.url}/portal/request?{urlencode({'session_arn': session})}")


def mailed_code(recovery: Recovery, person: str) -> str:
    return next(str(mail["code"]) for mail in reversed(recovery.mails(person)) if mail["code"])


def press_until(page: Page, name: str) -> None:
    """Press Tab until the focus is on what bears that name, and see that the focus shows on the way."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        assert "solid" in focus.evaluate("element => getComputedStyle(element).outlineStyle"), "The focus is not seen."
        label = focus.get_attribute("aria-label") or focus.inner_text() or focus.get_attribute("id") or ""
        if name in label:
            return
    pytest.fail(f"Tab never reaches {name!r}.")


def enter(page: Page) -> None:
    """Press Enter on a link or a button, and wait for where it leads."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_accept_an_invitation_and_vote_with_the_mailed_code(browser: Browser, recovery: Recovery) -> None:
    team = recovery.create()
    recovery.answer(team, BO)
    recovery.answer(team, CLEO)
    page = sign_in(browser, recovery.emulator, ADA)
    page.get_by_role("button", name="Accept the invitation to team quorum").click()
    expect(page.get_by_role("status")).to_have_text("You accepted the invitation.")
    assert recovery.state(team) == ("ACTIVE", None)

    share_team(recovery, team)
    backup, session = ask_for_access(recovery.emulator, protected_vault(recovery, team))
    recovery.vote(session, BO)
    page.get_by_role("link", name="Mailbox").click()
    code = page.locator(".code").first.inner_text()
    assert re.fullmatch(r"[0-9]{6}", code)

    page.get_by_role("link", name="Requests").click()
    page.get_by_role("link", name="Read and answer").click()
    page.get_by_label("One-time code").fill("999999" if code != "999999" else "999998")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert")).to_contain_text("Your vote was not counted.")
    assert access_state(backup) == "CREATING", "Access opened by a vote with a wrong code."

    page.get_by_label("One-time code").fill(code)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_have_text("Your approval was counted.")
    expect(page.locator(".state")).to_contain_text("approved and carried out")
    assert access_state(backup) == "AVAILABLE"


def test_the_whole_way_to_a_vote_by_keyboard_alone(
    browser: Browser, recovery: Recovery, asked: tuple[Any, str]
) -> None:
    backup, session = asked
    recovery.vote(session, BO)
    page = visit(browser, recovery.emulator)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    enter(page)
    press_until(page, "Sign in as ada.lind")
    enter(page)
    press_until(page, "Read and answer")
    enter(page)
    press_until(page, "Go to your answer")
    enter(page)
    press_until(page, "mailbox")
    press_until(page, "code")
    page.keyboard.type("wrong")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Approve")).to_be_focused()
    enter(page)
    expect(page.get_by_role("alert")).to_contain_text("Not done.")
    expect(page.get_by_label("One-time code")).to_be_focused()
    described = page.get_by_label("One-time code").get_attribute("aria-describedby") or ""
    assert "This is not the one-time code" in page.locator(f"#{described.split()[0]}").inner_text()
    assert access_state(backup) == "CREATING"
    page.keyboard.type(mailed_code(recovery, ADA))
    page.keyboard.press("Tab")
    enter(page)
    expect(page.get_by_role("status")).to_have_text("Your approval was counted.")
    assert access_state(backup) == "AVAILABLE"
    press_until(page, "Sign out")
    enter(page)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_invitation_and_a_practice_by_keyboard_alone(browser: Browser, recovery: Recovery) -> None:
    team = recovery.create()
    page = visit(browser, recovery.emulator)
    press_until(page, "Sign in as ada.lind")
    enter(page)
    press_until(page, "Accept the invitation to team quorum")
    enter(page)
    expect(page.get_by_role("status")).to_have_text("You accepted the invitation.")
    recovery.answer(team, BO)
    recovery.answer(team, CLEO)
    recovery.mpa.start_approval_team_baseline(Arn=team)
    press_until(page, "Requests")
    enter(page)
    press_until(page, "Read and answer: Practice")
    enter(page)
    press_until(page, "I can be reached")
    enter(page)
    expect(page.locator(".state")).to_contain_text("You were reached")
    press_until(page, "Teams")
    enter(page)
    expect(page.locator(".answers")).to_contain_text("answered a practice")


def test_the_checks_find_what_is_wrong(browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 800}).new_page()
    page.set_content(
        "<html lang=en><title>x</title><main><h1>x</h1><h3 style='color:#aaa'>faint</h3><input><button>x</button>"
        "<p style='width:400px' aria-labelledby=gone>x</p></main>"
    )
    assert {kind for kind, _ in problems(page)} == {"contrast", "no name", "too small", "too wide", "structure"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_page_can_be_read_and_touched(
    browser: Browser, recovery: Recovery, asked: tuple[Any, str], scheme: Any, width: int
) -> None:
    recovery.create(LONG_NAME)
    recovery.mpa.start_approval_team_baseline(Arn=recovery.session(asked[1])["ApprovalTeamArn"])
    recovery.change(CLEO, enabled=False)
    url = f"{recovery.emulator.url}/portal"
    # The checks need scripts of the test; the portal itself has none.
    page = visit(browser, recovery.emulator, width, color_scheme=scheme, java_script_enabled=True)
    assert problems(page) == []
    page.goto(f"{url}/account-mail?account=777777777777")
    assert problems(page) == []
    page.goto(f"{url}/")
    page.get_by_role("button", name=f"Sign in as {ADA}").click()
    for name in PAGES:
        page.goto(f"{url}/{name}")
        assert (name, problems(page)) == (name, [])
    open_request(page, recovery.emulator, asked[1])
    assert problems(page) == []
    page.get_by_label("One-time code").fill("nothing")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert problems(page) == []
    page.goto(f"{url}/request?session_arn=nothing")
    assert problems(page) == []


def test_the_colours_follow_the_reader_and_nothing_moves_for_whoever_wants_none(
    browser: Browser, recovery: Recovery
) -> None:
    def seen(**wanted: Any) -> tuple[str, str]:
        page = visit(browser, recovery.emulator, java_script_enabled=True, **wanted)
        style = page.evaluate(
            "() => [getComputedStyle(document.body).backgroundColor, "
            "getComputedStyle(document.documentElement).scrollBehavior]"
        )
        return style[0], style[1]

    light, dark = seen(color_scheme="light"), seen(color_scheme="dark")
    assert light[0] != dark[0]
    assert seen(reduced_motion="reduce")[1] == "auto"


def test_pages_load_nothing_from_elsewhere(browser: Browser, recovery: Recovery, asked: tuple[Any, str]) -> None:
    page = sign_in(browser, recovery.emulator, ADA)
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    for name in PAGES:
        page.goto(f"{recovery.emulator.url}/portal/{name}")
    open_request(page, recovery.emulator, asked[1])
    assert addresses
    assert all(address.startswith(recovery.emulator.url) for address in addresses)


def test_a_double_click_votes_once(browser: Browser, recovery: Recovery, asked: tuple[Any, str]) -> None:
    page = sign_in(browser, recovery.emulator, ADA)
    open_request(page, recovery.emulator, asked[1])
    page.get_by_label("One-time code").fill(mailed_code(recovery, ADA))
    page.get_by_role("button", name="Approve").dblclick()
    expect(page.get_by_role("status")).to_have_text("Your approval was counted.")
    responses = [r["Response"] for r in recovery.session(asked[1])["ApproverResponses"]]
    assert sorted(responses) == ["APPROVED", "NO_RESPONSE", "NO_RESPONSE"]
    page.go_back()
    page.reload()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


def test_three_wrong_codes_bring_a_new_one_and_say_so(
    browser: Browser, recovery: Recovery, asked: tuple[Any, str]
) -> None:
    old = mailed_code(recovery, ADA)
    page = sign_in(browser, recovery.emulator, ADA)
    open_request(page, recovery.emulator, asked[1])
    for _ in range(3):
        page.get_by_label("One-time code").fill("abcdef")
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_role("alert")).to_contain_text("Your vote was not counted.")
    expect(page.get_by_role("alert")).to_contain_text("A new one was mailed to you")
    new = mailed_code(recovery, ADA)
    assert new != old
    page.get_by_label("One-time code").fill(new)
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("status")).to_have_text("Your rejection was counted.")


def test_a_request_that_expires_while_its_page_is_open_takes_no_vote(
    browser: Browser, recovery: Recovery, asked: tuple[Any, str]
) -> None:
    backup, session = asked
    recovery.vote(session, BO)
    page = sign_in(browser, recovery.emulator, ADA)
    open_request(page, recovery.emulator, session)
    page.get_by_label("One-time code").fill(mailed_code(recovery, ADA))
    recovery.emulator.advance(24 * HOUR + 60)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert")).to_contain_text("This request is over (expired)")
    expect(page.get_by_role("alert")).to_contain_text("Your answer was not counted.")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    assert access_state(backup) == "FAILED"


def test_an_invitation_that_lapses_while_its_page_is_open_takes_no_answer(browser: Browser, recovery: Recovery) -> None:
    team = recovery.create()
    page = sign_in(browser, recovery.emulator, ADA)
    recovery.emulator.advance(24 * HOUR + 60)
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.get_by_role("alert")).to_contain_text("Your answer was not counted.")
    assert recovery.state(team) == ("INACTIVE", "FAILED_ACTIVATION")


def test_the_link_of_somebody_else_shows_and_takes_nothing(browser: Browser, recovery: Recovery) -> None:
    team = recovery.active(people=(ADA, BO))
    recovery.mpa.update_approval_team(Arn=team, Description="New words.")
    session = recovery.team(team)["UpdateSessionArn"]
    page = sign_in(browser, recovery.emulator, CLEO)
    open_request(page, recovery.emulator, session)
    expect(page.get_by_role("alert")).to_have_text("You are not asked in such a request.")
    assert "New words" not in page.content()


def test_a_page_of_before_somebody_else_signed_in_takes_nothing(
    browser: Browser, recovery: Recovery, asked: tuple[Any, str]
) -> None:
    page = sign_in(browser, recovery.emulator, ADA)
    open_request(page, recovery.emulator, asked[1])
    other = page.context.new_page()
    other.goto(f"{recovery.emulator.url}/portal/")
    other.get_by_role("button", name="Sign out").click()
    other.get_by_role("button", name=f"Sign in as {BO}").click()
    page.get_by_label("One-time code").fill(mailed_code(recovery, BO))
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert")).to_contain_text("This form was not made for you")
    assert {r["Response"] for r in recovery.session(asked[1])["ApproverResponses"]} == {"NO_RESPONSE"}
