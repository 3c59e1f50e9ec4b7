"""What an earlier run may have made although no state holds it.

| left by | seen by | what is done |
|---|---|---|
| a killed `up` | an operation that is pending in the state | the object is looked for by its id |
| an `up` that failed after AWS had made it | "already exists", and the record of failed `up`s names it | the same |
| anybody else | "already exists" | the object is named, with the way to adopt it |

Of the second, some types leave nothing in the state [br pfcreate]. The record is the stack's tag of `unchanged`: a
failed `up` writes there what it began, and the next one that ends well writes its own record over it.
"""

import copy
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pulumi.runtime.rpc import UNKNOWN

from airlock.deploy.engine_output import name_of
from airlock.deploy.state import State
from airlock.deploy.unchanged import digest_of_values, parse

_RECORD = "unfinished"
# Sixteen digits each; a tag of Pulumi Cloud holds 256 characters.
_MOST_IN_A_RECORD = 14

Resource = Mapping[str, Any]
_Inputs = Mapping[str, Any]

# Where AWS keeps one list for all Regions: these ids name no Region.
_WITHOUT_REGION = ("aws:iam/", "aws:organizations/")


def _provider_of(resource: Resource, state: State) -> Resource:
    """The provider that a resource names, as URN::ID."""
    named = resource.get("provider")
    return next((each for each in state.resources if f"{each['urn']}::{each.get('id')}" == named), {})


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
    "aws:ram/principalAssociation:PrincipalAssociation": lambda inputs, _: (
        f"{inputs['resourceShareArn']},{inputs['principal']}"
    ),
    "aws:ram/resourceAssociation:ResourceAssociation": lambda inputs, _: (
        f"{inputs['resourceShareArn']},{inputs['resourceArn']}"
    ),
}


def _id_to_read(resource: Resource, state: State) -> str | None:
    """The id by which the plugin finds what a create may have made; None where only AWS knows it.

    The plugin reads it as an import: by the id alone, in the provider's Region unless it ends in `@REGION` [tf guide].
    """
    inputs = resource.get("inputs") or {}
    if resource["type"] not in _ID_FROM_INPUTS or UNKNOWN in inputs.values():
        return None
    provider = _provider_of(resource, state).get("inputs") or {}
    id_, region = _ID_FROM_INPUTS[resource["type"]](inputs, provider), inputs.get("region")
    elsewhere = region and region != provider.get("region") and not resource["type"].startswith(_WITHOUT_REGION)
    return f"{id_}@{region}" if elsewhere else id_


def adopt_pending_creates(state: State) -> tuple[State, list[str]]:
    """The state with each pending create whose id is known as a resource, and their URNs.

    The caller refreshes it: what the killed run had not made is taken out again.
    """
    exported = copy.deepcopy(state.exported)
    deployment = exported["deployment"]
    adopted: list[dict[str, Any]] = []
    for operation in list(deployment.get("pending_operations") or []):
        resource = operation["resource"]
        id_ = _id_to_read(resource, state)
        if operation["type"] != "creating" or id_ is None:
            continue
        # Outputs of a create that did not end are guesses; without any the provider reads the object by its id.
        adopted.append({**resource, "id": id_, "outputs": {}})
        deployment["pending_operations"].remove(operation)
    deployment.setdefault("resources", []).extend(adopted)
    return State(exported), [each["urn"] for each in adopted]


def with_pending(state: State, resources: Iterable[Resource]) -> State:
    """The state as if a killed run had been at these creates."""
    exported = copy.deepcopy(state.exported)
    pending = [{"resource": {**resource, "custom": True}, "type": "creating"} for resource in resources]
    exported["deployment"]["pending_operations"] = [*(state.deployment.get("pending_operations") or []), *pending]
    return State(exported)


def has_its_tags(resource: Resource) -> bool:
    """Whether AWS shows the tags that the program gives it; what somebody else made has others."""
    wanted, found = (resource.get(key) or {} for key in ("inputs", "outputs"))
    return (wanted.get("tags") or {}).items() <= (found.get("tags") or {}).items()


def record_of_unfinished(resources: Iterable[Resource], record: str) -> str:
    """Adds the creates that a failed `up` began to the record of those before it; empty where none can be adopted."""
    begun = [digest_of_values(resource["urn"]) for resource in resources if resource["type"] in _ID_FROM_INPUTS]
    named = list(dict.fromkeys([*begun, *_unfinished(record)]))
    return f"{_RECORD}={'+'.join(named[:_MOST_IN_A_RECORD])}" if begun else ""


def is_unfinished(record: str, resource: Resource) -> bool:
    """Whether an `up` that failed, and none since that ended well, began this create."""
    return digest_of_values(resource["urn"]) in _unfinished(record)


def _unfinished(record: str) -> list[str]:
    return [digest for digest in parse(record).get(_RECORD, "").split("+") if digest]


def way_to_adopt(stack: str, resource: Resource, state: State) -> str:
    """What a person may do about an object that exists; empty for a type that AWS takes more than once."""
    name, kind, id_ = name_of(resource["urn"]), resource["type"], _id_to_read(resource, state)
    if id_ is None:
        return ""
    provider = _provider_of(resource, state)
    # The program has the resource already: no code is asked for.
    options = ["--generate-code=false"]
    options += [f"--parent parent={resource['parent']}"] if resource.get("parent") else []
    options += [f"--provider provider={provider['urn']}"] if provider else []
    command = f"pulumi import {kind} {name} '{id_}' --stack {stack} {' '.join(options)}"
    return (
        f"`{name}` exists already, and no run of this estate is known to have begun it, so it was left alone. If it is"
        f" this estate's, adopt it with `{command}`; if not, give one of the two another name."
    )
