"""FIDELITY.md tells the truth about what is there and what is not."""

import re
from pathlib import Path
from typing import Any

import botocore.session
import pytest

FIDELITY = (Path(__file__).parents[2] / "emulator" / "FIDELITY.md").read_text()
OPERATIONS = botocore.session.get_session().get_service_model("mpa").operation_names


def section(service: str) -> str:
    return FIDELITY.partition(f"\n## {service}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_of_multi_party_approval_is_named(operation: str) -> None:
    assert re.search(rf"\b{operation}\b", section("mpa"))


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
    assert operation in section(service).partition("Not modelled:")[2]
    method = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation).lstrip("_")
    with pytest.raises(Exception, match=f"{operation} is not modelled") as error:
        getattr(emulator.client(service), method)(**parameters)
    failure: Any = error.value
    assert failure.response["ResponseMetadata"]["HTTPStatusCode"] == 501
