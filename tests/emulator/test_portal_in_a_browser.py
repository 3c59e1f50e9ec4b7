"""The portal in a real browser: an invitation accepted and a vote cast with its one-time code, scripts switched off."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.emulator.conftest import Emulator
from tests.emulator.mpa_recovery import ADA, BO, CLEO, Recovery
from tests.emulator.mpa_vault_request import access_state, ask_for_access, protected_vault, share_team

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM.exists(), f"{CHROMIUM} is missing. Install it: apt-get install --no-install-recommends chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


def sign_in(browser: Browser, emulator: Emulator, person: str, width: int = 1100) -> Page:
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{emulator.url}/portal/")
    page.get_by_role("button", name=f"Sign in as {person}").click()
    return page


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


def test_the_pages_fit_a_phone_and_work_by_keyboard(browser: Browser, recovery: Recovery) -> None:
    recovery.create("a-team-with-a-name-that-is-as-long-as-the-service-allows-it-to-b")
    page = sign_in(browser, recovery.emulator, ADA, width=360)
    for name in ("invitations", "requests", "history", "mailbox"):
        page.goto(f"{recovery.emulator.url}/portal/{name}")
        main = page.locator("main").bounding_box()
        cards = [card.bounding_box() for card in page.locator(".card").all()]
        assert main is not None
        assert main["width"] <= 360, f"{name} is wider than a phone"
        assert all(card is not None and card["x"] + card["width"] <= 360 for card in cards)
    page.goto(f"{recovery.emulator.url}/portal/invitations")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    decline = page.get_by_role("button", name=re.compile("Decline the invitation"))
    decline.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("You declined the invitation.")
