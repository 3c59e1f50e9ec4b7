"""The contracts of `airlock.domain.contracts` in a running program, where a value may not be known yet."""

from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from typing import Any, TypeVar, get_type_hints

import pulumi

from airlock.domain import contracts
from airlock.domain.contracts import OUTPUT, Contract

Text = pulumi.Input[str]
C = TypeVar("C", bound=Contract)

SharedTeam = contracts.SharedTeam[Text]
SharedVault = contracts.SharedVault[Text]
ManagementContract = contracts.ManagementContract[Text]
RecoveryContract = contracts.RecoveryContract[Text]
BackupAdminContract = contracts.BackupAdminContract[Text]
VaultContract = contracts.VaultContract[Text]
WorkloadContract = contracts.WorkloadContract[Text]
ForensicContract = contracts.ForensicContract[Text]
LandingContract = contracts.LandingContract[Text]


def lift(contract: C, reference: pulumi.StackReference) -> C:
    """The same contract with each value an output of the reference: the engine then knows which stack it comes from."""
    lifted: C = _lift(contract, _item(reference.outputs, OUTPUT))
    return lifted


def _lift(value: Any, output: pulumi.Output[Any]) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        # A `str` is a name of the topology: it is known, and what it names is found by it.
        names = [name for name, hint in get_type_hints(type(value)).items() if hint is not str]
        return replace(value, **{name: _lift(getattr(value, name), _item(output, name)) for name in names})
    if isinstance(value, Mapping):
        return {key: _lift(each, _item(output, key)) for key, each in value.items()}
    if isinstance(value, list):
        return [_lift(each, _item(output, at)) for at, each in enumerate(value)]
    return output


def _item(output: pulumi.Output[Any], key: str | int) -> pulumi.Output[Any]:
    return output.apply(lambda part: part[key])
