"""What a fixture may not hold: this machine, credentials, and more text than a reader of a change can bear."""

from __future__ import annotations

import re

import pytest

from tests.takeover.fixture import FIXTURES, Fixture, all_fixtures

MOST_BYTES = 1_000_000
_FOREIGN = {
    "a path of a machine": r"(?<![\w.:/])/(?:home|root|tmp|work|Users|var|private)/",
    "an address of the loopback": r"127\.0\.0\.1|localhost:\d",
    "a key of a session or a user": r"\bA[SK]IA[A-Z0-9]{16}\b",
    "a secret key or a session token": r"SecretAccessKey|SessionToken|aws_secret|x-amz-security-token",
    "a signature": r"Signature=",
    "something sealed, in which no id can be translated": r"ciphertext",
    "where in a file a resource was asked for": r"sourcePosition|stackTrace",
}

each_fixture = pytest.mark.parametrize("fixture", all_fixtures(), ids=lambda fixture: fixture.name)


def test_there_is_a_fixture_of_each_pattern() -> None:
    assert {fixture.manifest.pattern for fixture in all_fixtures()} == {"cross-organization", "cross-account"}


def test_every_folder_below_the_fixtures_is_a_whole_fixture() -> None:
    folders = {path for path in FIXTURES.glob("*/*") if path.is_dir()}
    assert folders == {fixture.folder for fixture in all_fixtures()}, "a folder without a manifest is not taken over"


@each_fixture
@pytest.mark.parametrize("what", _FOREIGN)
def test_a_fixture_holds_nothing_of_the_machine_and_no_credentials(fixture: Fixture, what: str) -> None:
    for path in (path for path in fixture.folder.rglob("*") if path.is_file()):
        found = re.search(_FOREIGN[what], path.read_text(encoding="utf-8"))
        assert found is None, f"{path.relative_to(FIXTURES)} holds {what}: {found[0]}"


@each_fixture
def test_a_fixture_is_small(fixture: Fixture) -> None:
    assert sum(path.stat().st_size for path in fixture.folder.rglob("*") if path.is_file()) <= MOST_BYTES


@each_fixture
def test_every_state_has_its_stack_file_with_the_salt_that_opens_it(fixture: Fixture) -> None:
    files = fixture.stack_files
    assert set(files) == {f"Pulumi.{stack}.yaml" for stack in fixture.states}
    for stack, state in fixture.states.items():
        salt = state["deployment"]["secrets_providers"]["state"]["salt"]
        assert f"encryptionsalt: {salt}" in files[f"Pulumi.{stack}.yaml"]
