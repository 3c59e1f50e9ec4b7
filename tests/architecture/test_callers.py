"""What has no caller outside the tests goes: it is read, kept and translated for nobody."""

import shutil
from pathlib import Path

import pytest

from tests.architecture.callers import Findings, findings


@pytest.fixture(scope="module")
def found(project_root: Path) -> Findings:
    return findings(project_root)


def test_everything_has_a_caller_outside_the_tests(found: Findings) -> None:
    assert found.unused == [], "delete it; what a framework calls by name is listed in pyproject.toml, [tool.vulture]"


def test_no_name_is_spared_in_vain(found: Findings) -> None:
    assert found.idle == [], "it would hide the next one of that name; take it out of pyproject.toml, [tool.vulture]"


@pytest.fixture
def checkout(project_root: Path, tmp_path: Path) -> Path:
    shutil.copy(project_root / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def plant(checkout: Path, path: str, text: str) -> list[str]:
    file = checkout / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return findings(checkout).unused


def test_a_function_that_only_a_test_calls_is_found(checkout: Path) -> None:
    plant(checkout, "tests/domain/test_words.py", "from airlock.domain.words import lonely\n\nlonely()\n")
    found = plant(checkout, "airlock/domain/words.py", "def lonely() -> None: ...\n")
    assert found == ["airlock/domain/words.py:1: function `lonely`"]
    assert plant(checkout, "airlock/cli/words.py", "from airlock.domain.words import lonely\n\nlonely()\n") == []


def test_an_operation_is_called_by_its_name_in_the_emulator_and_nowhere_else(checkout: Path) -> None:
    method = "class Calls:\n    def describe_framework(self) -> None: ...\n\n\nCalls()\n"
    assert plant(checkout, "emulator/calls.py", method) == []
    assert plant(checkout, "airlock/clients/calls.py", method) == [
        "airlock/clients/calls.py:2: method `describe_framework`"
    ]


def test_a_field_that_a_template_shows_has_a_reader(checkout: Path) -> None:
    assert plant(checkout, "airlock/runbook/facts.py", "class Facts:\n    seen_by_a_person: str\n\n\nFacts()\n") != []
    assert plant(checkout, "airlock/runbook/templates/card.html.j2", "{{ facts.seen_by_a_person }}\n") == []
