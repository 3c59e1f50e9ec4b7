"""The report in a real browser, scripts switched off: on a phone and on a desk, in light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo.report import render
from tests.browser import chromium
from tests.demo.told import told
from tests.emulator.portal.portal_checks import problems

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Literal

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PHONE, DESK = 375, 1280
PHONE_MARGIN = 16


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def opened(browser: Browser, folder: Path, width: int, scheme: Literal["light", "dark"] = "light") -> Page:
    """The report of a run that shows every outcome and colour."""
    evidence = told()
    evidence.attacks[0]["as_expected"] = False
    evidence.restored[0]["equal"] = False
    evidence.requests[0]["outcome"] = "EXPIRED"
    path = folder / "report.html"
    path.write_text(render(evidence), encoding="utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=False, offline=True
    )
    page = context.new_page()
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_page_fits_reads_and_is_in_order(
    browser: Browser, tmp_path: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = opened(browser, tmp_path, width, scheme)
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page scrolls sideways"


def test_nothing_scrolls_sideways_inside_the_page_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, PHONE)
    hidden = """() => [...document.querySelectorAll("body *")].filter(element =>
        element.closest("thead") === null && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0
    ).map(element => element.outerHTML)"""
    assert page.evaluate(hidden) == []


def test_every_request_and_every_digest_is_seen_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, PHONE)
    for words in [row["session"] for row in told().requests] + [told().restored[0]["sha256_after"]]:
        assert page.get_by_text(words).first.is_visible()


def test_the_outcomes_have_three_colours(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, DESK)
    colours = {
        page.get_by_text(words, exact=True).first.evaluate("element => getComputedStyle(element).color")
        for words in ("refused by the service itself", "successful", "held until the team votes")
    }
    assert len(colours) == 3, "whoever looks quickly takes a success of the attacker for a refusal"


@pytest.mark.parametrize(("width", "runs"), [(DESK, "across"), (PHONE, "down")])
def test_the_drawn_timeline_runs_across_a_desk_and_down_a_phone(
    browser: Browser, tmp_path: Path, width: int, runs: str
) -> None:
    moments = opened(browser, tmp_path, width).locator(".moments li")
    boxes = [moments.nth(number).bounding_box() for number in range(moments.count())]
    assert runs == "across" or all(box and box["x"] >= PHONE_MARGIN + 16 for box in boxes), "the dots are cut off"
    lefts, tops = ({round(box[side]) for box in boxes if box} for side in ("x", "y"))
    assert len(boxes) == 7
    assert (len(lefts), len(tops)) == ((7, 1) if runs == "across" else (1, 7))


def test_tables_stay_tables_on_a_phone_for_whoever_listens(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, PHONE)
    assert page.get_by_role("columnheader", name="Outcome").count() == 1
    assert page.get_by_role("rowheader", name="Delete the table").count() == 1
