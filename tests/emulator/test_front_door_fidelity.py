"""FIDELITY.md and README.md tell the truth about what is there and what is not."""

import importlib
import re
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from emulator import install

EMULATOR = Path(__file__).parents[2] / "emulator"
FIDELITY = (EMULATOR / "FIDELITY.md").read_text()
README = (EMULATOR / "README.md").read_text()
ANSWERED_BY = {
    "mpa": ("moto.mpa.responses", "MpaResponse"),
    "backup": ("moto.backup.responses", "BackupResponse"),
    "ram": ("moto.ram.responses", "RamResponse"),
    "organizations": ("moto.organizations_more.responses", "OrganizationsMoreResponse"),
}
ANSWERED = ("Documented", "Inferred", "As moto")


def section(service: str) -> str:
    return FIDELITY.partition(f"\n## {service}\n")[2].partition("\n## ")[0]


def listed(service: str, label: str) -> list[str]:
    """The operations in the paragraph that begins with this label."""
    paragraph = re.search(rf"^{label}: (.*?)(?:\n\n|\Z)", section(service), re.MULTILINE | re.DOTALL)
    return re.findall(r"\w+", paragraph[1]) if paragraph and not paragraph[1].startswith("nothing") else []


def operations(service: str) -> set[str]:
    return set(botocore.session.get_session().get_service_model(service).operation_names)


def answered(service: str) -> set[str]:
    """The operations for which the code has a method; all others reach `NotImplemented`."""
    install.install()
    utils: Any = importlib.import_module("moto.core.utils")
    module, name = ANSWERED_BY[service]
    methods = utils.method_names_from_class(getattr(importlib.import_module(module), name))
    return {operation for operation in operations(service) if utils.camelcase_to_underscores(operation) in methods}


@pytest.mark.parametrize("service", ANSWERED_BY)
def test_every_operation_that_is_answered_stands_in_one_list(service: str) -> None:
    names = [name for label in ANSWERED for name in listed(service, label)]
    assert sorted(names) == sorted(answered(service))


@pytest.mark.parametrize("service", ANSWERED_BY)
def test_every_other_operation_is_said_to_be_missing(service: str) -> None:
    assert sorted(listed(service, "Not modelled")) == sorted(operations(service) - answered(service))


@pytest.mark.parametrize("document", [FIDELITY, README], ids=["FIDELITY", "README"])
def test_every_file_that_is_named_is_there(document: str) -> None:
    named = set(re.findall(r"`([\w/-]+\.py)`", document))
    assert named, "nothing in the code is pointed at"
    missing = {path for path in named if not any((base / path).is_file() for base in places())}
    assert not missing


def places() -> tuple[Path, ...]:
    return EMULATOR, EMULATOR / "moto-services", EMULATOR.parent


def test_the_readme_has_every_call_of_the_control_interface(emulator: Any) -> None:
    with pytest.raises(Exception, match="There are: ") as error:
        emulator.control("GET", "nothing")
    refusal: Any = error.value
    offered = set(refusal.document["error"].partition("There are: ")[2].rstrip(".").split(", "))
    told = {call for row in re.findall(r"^\| (`.*?) \|", README, re.MULTILINE) for call in re.findall(r"`(.*?)`", row)}
    assert offered == {re.sub(r"\?.*", "", call) for call in told if re.match(r"(GET|POST) ", call)}


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("sts", "GetFederationToken", {"Name": "ada"}),
        ("backup", "PutRestoreValidationResult", {"RestoreJobId": "x", "ValidationStatus": "SUCCESSFUL"}),
        ("backup", "DisassociateRecoveryPoint", {"BackupVaultName": "x", "RecoveryPointArn": "x"}),
        ("ram", "ListPendingInvitationResources", {"resourceShareInvitationArn": "x"}),
        ("organizations", "LeaveOrganization", {}),
    ],
)
def test_what_is_called_not_modelled_answers_501(
    emulator: Any, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    assert operation in listed(service, "Not modelled")
    method = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation).lstrip("_")
    with pytest.raises(Exception, match=f"{operation} is not modelled") as error:
        getattr(emulator.client(service), method)(**parameters)
    failure: Any = error.value
    assert failure.response["ResponseMetadata"]["HTTPStatusCode"] == 501
