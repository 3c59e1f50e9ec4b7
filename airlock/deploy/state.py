"""A stack's state as `pulumi stack export` gives it, and the creates that a killed run left pending in it."""

import copy
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from airlock.deploy.engine_output import name_of
from airlock.deploy.results import Waiting
from airlock.domain.contracts import OUTPUT

_OURS = "pulumi-python:dynamic/airlock:"


@dataclass(frozen=True)
class State:
    """The exported state of one stack."""

    exported: dict[str, Any]

    @property
    def deployment(self) -> dict[str, Any]:
        """Manifest, resources and pending operations."""
        return self.exported.get("deployment") or {}

    @property
    def resources(self) -> list[dict[str, Any]]:
        """The resources, the stack's own included."""
        return list(self.deployment.get("resources") or [])

    @property
    def pending(self) -> list[str]:
        """The resources that were in the hands of an engine when it died."""
        return [name_of(operation["resource"]["urn"]) for operation in self.deployment.get("pending_operations") or []]

    @property
    def digest(self) -> str:
        """Of every byte of the state. The engine writes a time into it with each `up` and each refresh."""
        return hashlib.sha256(json.dumps(self.deployment, sort_keys=True).encode()).hexdigest()

    def contract(self) -> dict[str, Any] | None:
        """What the stack exports for others, or None where it was never deployed."""
        for resource in self.resources:
            if resource["type"] == "pulumi:pulumi:Stack":
                contract = (resource.get("outputs") or {}).get(OUTPUT)
                return dict(contract) if isinstance(contract, dict) else None
        return None

    def waiting(self, stack: str) -> Iterator[Waiting]:
        """The resources of ours that need people before they can go on."""
        for resource in self.resources:
            sentence = (resource.get("outputs") or {}).get("waiting")
            if resource["type"].startswith(_OURS) and isinstance(sentence, str) and sentence:
                yield Waiting(stack=stack, resource=name_of(resource["urn"]), sentence=sentence)


_Inputs = Mapping[str, Any]


def _account_of(provider: _Inputs) -> str:
    """Our providers name the one account in which they may act."""
    return str(json.loads(provider["allowedAccountIds"])[0])


# Where AWS takes a name only once, a create that is repeated ends in "already exists". Of these types the id follows
# from the inputs, and a refresh looks for it. Our dynamic resources find what they made, and need none of this.
_ID_FROM_INPUTS: Mapping[str, Callable[[_Inputs, _Inputs], str]] = {
    "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault": lambda inputs, _: inputs["name"],
    "aws:backup/vault:Vault": lambda inputs, _: inputs["name"],
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": lambda inputs, _: inputs["name"],
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": lambda inputs, _: (
        f"{inputs['name']}:{inputs['restoreTestingPlanName']}"
    ),
    "aws:iam/role:Role": lambda inputs, _: inputs["name"],
    "aws:iam/policy:Policy": lambda inputs, provider: (
        f"arn:aws:iam::{_account_of(provider)}:policy{inputs.get('path', '/')}{inputs['name']}"
    ),
    "aws:kms/alias:Alias": lambda inputs, _: inputs["name"],
    "aws:organizations/delegatedAdministrator:DelegatedAdministrator": lambda inputs, _: (
        f"{inputs['accountId']}/{inputs['servicePrincipal']}"
    ),
    "aws:organizations/policyAttachment:PolicyAttachment": lambda inputs, _: (
        f"{inputs['targetId']}:{inputs['policyId']}"
    ),
}


def adopt_pending_creates(state: State) -> tuple[State, list[str]]:
    """The state with each pending create whose id is known as a resource, and their URNs.

    The caller refreshes it: what the killed run had not made is taken out again.
    """
    exported = copy.deepcopy(state.exported)
    deployment = exported["deployment"]
    providers = {f"{each['urn']}::{each.get('id')}": each.get("inputs") or {} for each in state.resources}
    adopted: list[dict[str, Any]] = []
    for operation in list(deployment.get("pending_operations") or []):
        resource = operation["resource"]
        if operation["type"] != "creating" or resource["type"] not in _ID_FROM_INPUTS:
            continue
        provider = providers.get(resource.get("provider", ""), {})
        id_ = _ID_FROM_INPUTS[resource["type"]](resource.get("inputs") or {}, provider)
        # Outputs of a create that did not end are guesses; without any the provider reads the object by its id.
        adopted.append({**resource, "id": id_, "outputs": {}})
        deployment["pending_operations"].remove(operation)
    deployment.setdefault("resources", []).extend(adopted)
    return State(exported), [each["urn"] for each in adopted]
