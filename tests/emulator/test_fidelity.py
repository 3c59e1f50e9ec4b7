"""FIDELITY.md and README.md tell the truth about what is there and what is not."""

import re
from pathlib import Path
from typing import Any

import pytest

from tools.fidelity import answered, chapters, evidence, render, sources
from tools.fidelity.scan import Scanner

EMULATOR = Path(__file__).parents[2] / "emulator"
FIDELITY = (EMULATOR / "FIDELITY.md").read_text()
README = (EMULATOR / "README.md").read_text()
METHODS = {
    "backup": {"tag_resource": "TagResource", "list_backup_vaults": "ListBackupVaults"},
    "mpa": {"tag_resource": "TagResource", "list_sessions": "ListSessions"},
}


def chapter(service: str) -> render.Chapter:
    source = next(source for source in sources.read() if source.name == service)
    return render.Chapter(source, dict(source.operations), answered.operations(service))


def calls(tmp_path: Path, code: str) -> set[tuple[str, str]]:
    (tmp_path / "read.py").write_text(code)
    functions = Scanner(METHODS).read(tmp_path / "read.py").functions
    return {call for function in functions.values() for call in function.calls}


@pytest.mark.parametrize("service", chapters.OURS)
def test_every_operation_that_is_answered_has_a_basis_and_no_other_has(service: str) -> None:
    assert chapter(service).listed.keys() == answered.answered(service)


def test_all_operations_of_the_approval_service_are_answered() -> None:
    assert len(answered.operations("mpa")) == 22
    assert chapter("mpa").missing() == []


def test_no_call_of_a_program_of_this_project_is_not_modelled() -> None:
    services = [source.name for source in sources.read() if source.name != sources.ALL]
    called = evidence.called({name: answered.method_names(name) for name in services})
    assert ("mpa", "CreateApprovalTeam") in called
    assert ("organizations", "CreatePolicy") in called
    assert ("s3", "PutObject") in called
    assert not {call for call in called if call[1] not in answered.answered(call[0])}


def test_no_program_of_this_project_calls_a_service_without_a_source() -> None:
    known = {source.name for source in sources.read()}
    asked = set()
    for folder in evidence.PROGRAMS:
        for path in (EMULATOR.parent / folder).rglob("*.py"):
            asked |= set(re.findall(r"(?:_|\b)client\((?:\w+, )?\"([a-z0-9-]+)\"", path.read_text()))
    assert asked, "no program makes a client"
    assert asked <= known


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def test(e):\n    e.client('mpa').tag_resource()", {("mpa", "TagResource")}),
        ("def test(e):\n    owner = e.client('backup')\n    owner.tag_resource()", {("backup", "TagResource")}),
        ("def own(e):\n    return e.client('mpa')\ndef test(e):\n    own(e).tag_resource()", {("mpa", "TagResource")}),
        ("def test(world):\n    refused('x', world.mpa.tag_resource, Arn='y')", {("mpa", "TagResource")}),
        (
            "class A:\n    def __init__(self, e):\n        self.near = e.client('mpa')\n"
            "    def b(self):\n        self.near.tag_resource()",
            {("mpa", "TagResource")},
        ),
        ("def test(any):\n    any.list_sessions()", {("mpa", "ListSessions")}),
        ("def test(any):\n    any.get_paginator('list_sessions')", {("mpa", "ListSessions")}),
        ("def test(any):\n    any.tag_resource()", set()),
        ("CASES = [('mpa', 'TagResource', {})]", {("mpa", "TagResource")}),
        ("def test(any):\n    any('list_sessions')", set()),
    ],
)
def test_a_call_is_found_by_what_its_client_is(tmp_path: Path, code: str, found: set[tuple[str, str]]) -> None:
    assert calls(tmp_path, code) == found


def test_a_table_beside_the_tests_counts_for_those_that_use_it(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "emulator"
    folder.mkdir(parents=True)
    (folder / "test_some.py").write_text(
        "CASES = [('mpa', 'TagResource')]\n"
        "def test_a(x):\n    for case in CASES:\n        x(case)\n"
        "def test_b(x):\n    x()\n"
    )
    (folder / "test_other.py").write_text("def test_a(x):\n    x.list_backup_vaults()\n")
    shown = evidence.shown(METHODS, tmp_path)
    assert shown[("mpa", "TagResource")] == {"emulator/test_some": 1}
    assert shown[("backup", "ListBackupVaults")] == {"emulator/test_other": 1}


def test_a_call_through_a_shared_helper_counts_when_no_test_makes_it_itself(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "emulator"
    folder.mkdir(parents=True)
    (folder / "shared.py").write_text("def look(mpa):\n    mpa.list_sessions()\n    mpa.tag_resource()\n")
    (folder / "test_a.py").write_text("from tests.emulator.shared import look\ndef test_a(mpa):\n    look(mpa)\n")
    (folder / "test_b.py").write_text("def test_b(mpa):\n    mpa.tag_resource()\n")
    shown = evidence.shown(METHODS, tmp_path)
    assert shown[("mpa", "ListSessions")] == {"emulator/test_a": 1}
    assert shown[("mpa", "TagResource")] == {"emulator/test_b": 1}


def test_a_documented_operation_without_a_test_is_a_problem() -> None:
    mpa = chapter("mpa")
    problems = list(chapters.unshown(mpa, {}))
    assert len(problems) == mpa.count("documented")
    assert "mpa:GetSession is said to be documented, but no test calls it" in "\n".join(problems)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("order = 'x", "is not TOML"),
        ('scope = "some"', "scope is 'some'"),
        ('[operations]\nGetSession = "sure"', "GetSession is 'sure'"),
        ('[[assumptions]]\nsubject = "a"\naws = "b"', "row 1 of assumptions"),
        ('[[tables]]\ntitle = "t"\ncolumns = ["a", "b"]\nrows = [["a"]]', "row 1 of table 't' has 1 cells for 2"),
        ('hints = "x"', "there is no key 'hints'"),
    ],
)
def test_a_source_that_cannot_be_understood_says_where(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "mpa.toml").write_text(text)
    with pytest.raises(sources.FidelityError, match=re.escape(problem)):
        sources.read(tmp_path)


@pytest.mark.parametrize("document", [FIDELITY, README], ids=["FIDELITY", "README"])
def test_every_file_that_is_named_is_there(document: str) -> None:
    named = set(re.findall(r"`([\w/-]+\.py)`", document))
    assert named, "nothing in the code is pointed at"
    there = [path.as_posix() for base in (EMULATOR, EMULATOR.parent / "tests") for path in base.rglob("*.py")]
    missing = {name for name in named if not any(path.endswith(f"/{name}") for path in there)}
    assert not missing


def test_the_readme_has_every_call_of_the_control_interface(emulator: Any) -> None:
    with pytest.raises(Exception, match="There are: ") as error:
        emulator.control("GET", "nothing")
    refusal: Any = error.value
    offered = set(refusal.document["error"].partition("There are: ")[2].rstrip(".").split(", "))
    told = {call for row in re.findall(r"^\| (`.*?) \|", README, re.MULTILINE) for call in re.findall(r"`(.*?)`", row)}
    assert offered == {re.sub(r"\?.*", "", call) for call in told if re.match(r"(GET|POST|DELETE) ", call)}


def test_what_is_not_modelled_answers_501(emulator: Any) -> None:
    """One of each service that has any; with parameters that its model takes."""
    for service in (*chapters.OURS, "sts"):
        client = emulator.client(service)
        signed = client.meta.service_model.operation_model
        for operation in [name for name in chapter(service).missing() if signed(name).auth_type != "none"][:3]:
            method = next(name for name, found in answered.method_names(service).items() if found == operation)
            with pytest.raises(Exception, match=f"{operation} is not modelled") as error:
                getattr(client, method)(**example(client, operation))
            failure: Any = error.value
            assert failure.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def example(client: Any, operation: str) -> dict[str, Any]:
    """The least that botocore lets through."""
    shape = client.meta.service_model.operation_model(operation).input_shape
    return {} if shape is None else {name: value_of(shape.members[name]) for name in shape.required_members}


def value_of(shape: Any) -> Any:
    kinds: dict[str, Any] = {"integer": 1, "long": 1, "boolean": True, "timestamp": 0, "list": [], "map": {}}
    if shape.type_name == "structure":
        return {name: value_of(shape.members[name]) for name in shape.required_members or list(shape.members)[:1]}
    if shape.type_name == "string":
        return shape.enum[0] if shape.enum else "x" * max(1, int(shape.metadata.get("min", 1)))
    return kinds[shape.type_name]
