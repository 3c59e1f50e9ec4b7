"""The kit is whole, names real things, and is enough to work from."""

import dataclasses
from html.parser import HTMLParser
from pathlib import Path

import pytest

from airlock.domain.errors import UsageError
from airlock.domain.inventory import Inventory
from airlock.runbook.inventory_file import read_inventory
from airlock.runbook.kit import documents_of, write_kit

FILES = {"inventory.json", "card.html", "runbook.md", "airlock.pyz", "requirements.txt"}


def test_the_kit_is_whole_and_its_inventory_is_the_one_given(inventory: Inventory, tmp_path: Path) -> None:
    files = write_kit(inventory, tmp_path / "kit")
    assert {file.name for file in files} == FILES
    assert {path.name for path in (tmp_path / "kit").iterdir()} == {file.name for file in files}
    assert read_inventory(tmp_path / "kit" / "inventory.json") == inventory


def test_card_and_runbook_name_people_vaults_and_account(inventory: Inventory) -> None:
    files = documents_of(inventory)
    for name in ("card.html", "runbook.md"):
        for word in ("ada.lind, bo.berg, cleo.dahl", "payments-2026", "ledger-2026", "888888888888", "landing"):
            assert word in files[name], f"{name} must not send anybody looking for {word}"
        for command in ("airlock request", "airlock status", "airlock restore", "airlock teardown"):
            assert command in files[name]


def test_card_and_runbook_say_where_the_program_is_and_what_it_needs(inventory: Inventory) -> None:
    files = documents_of(inventory)
    for name in ("card.html", "runbook.md"):
        for words in ("Python 3.11, 3.12 or 3.13", "python airlock.pyz", "pip install -r requirements.txt"):
            assert words in files[name], f"{name} would leave a responder without a program"


def test_the_runbook_says_what_it_does_not_protect_against(inventory: Inventory) -> None:
    assert "needs nothing of the accounts 111111111111" in documents_of(inventory)["runbook.md"]
    one = dataclasses.replace(inventory, pattern="cross-account")
    assert "This kit does not help" in documents_of(one)["runbook.md"]
    assert "this card does not help" in documents_of(one)["card.html"]
    assert "does not help" not in documents_of(inventory)["card.html"]


def test_what_a_loss_would_mean_is_told_if_it_is_known(inventory: Inventory) -> None:
    assert "What a loss would mean" not in documents_of(inventory)["runbook.md"]
    told = dataclasses.replace(inventory, lost_if={"us-east-1": "nobody can vote"})
    assert "us-east-1: nobody can vote" in documents_of(told)["runbook.md"]


def test_names_cannot_break_the_card(inventory: Inventory) -> None:
    hostile = dataclasses.replace(inventory, estate="<script>alert(1)</script>")
    card = documents_of(hostile)["card.html"]
    assert "<script>" not in card

    class Balance(HTMLParser):
        open: list[str]

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag != "meta":
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    parser = Balance()
    parser.open = []
    parser.feed(card)
    assert parser.open == []


def test_an_older_kit_is_replaced(inventory: Inventory, tmp_path: Path) -> None:
    write_kit(inventory, tmp_path)
    write_kit(dataclasses.replace(inventory, estate="other"), tmp_path)
    assert read_inventory(tmp_path / "inventory.json").estate == "other"
    assert {path.name for path in tmp_path.iterdir()} == FILES


def test_a_kit_never_replaces_the_requirements_of_something_else(inventory: Inventory, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("flask\n")
    with pytest.raises(UsageError, match=r"requirements.txt there is not a kit's.*--out"):
        write_kit(inventory, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["requirements.txt"]
    assert (tmp_path / "requirements.txt").read_text() == "flask\n"


def test_a_kit_that_cannot_be_written_says_so(inventory: Inventory, tmp_path: Path) -> None:
    (tmp_path / "kit").write_text("a file")
    with pytest.raises(UsageError, match=r"cannot be written.*--out"):
        write_kit(inventory, tmp_path / "kit")


def test_a_missing_inventory_is_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no inventory at .*nowhere.json.*airlock kit"):
        read_inventory(tmp_path / "nowhere.json")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="cannot be read"):
        read_inventory(tmp_path / "bytes.json")
