"""What a killed run may have made without knowing: put into the state, so that a refresh looks whether it is there.

A create that is repeated ends in "already exists" where AWS takes a name only once. Of most such resources the id
follows from their inputs, so they can be looked for. A refresh that then does not find one takes it out again.
Our own dynamic resources find what they made, and need none of this.
"""

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any

from airlock.deploy.state import State

Resource = Mapping[str, Any]
_Settings = Mapping[str, Any]


def _account_of(provider: _Settings) -> str:
    """Our providers name the one account in which they may act."""
    return str(json.loads(provider["allowedAccountIds"])[0])


_IDS: Mapping[str, Callable[[_Settings, _Settings], str]] = {
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


def with_what_may_be_there(state: State) -> tuple[State, list[str]]:
    """The state with every pending create that can be looked for, and their URNs; the caller refreshes it."""
    exported = copy.deepcopy(state.exported)
    deployment = exported["deployment"]
    settings = {f"{each['urn']}::{each.get('id')}": each.get("inputs") or {} for each in state.resources}
    found: list[Resource] = []
    for operation in list(deployment.get("pending_operations") or []):
        resource = operation["resource"]
        if operation["type"] != "creating" or resource["type"] not in _IDS:
            continue
        id_ = _IDS[resource["type"]](resource.get("inputs") or {}, settings.get(resource.get("provider", ""), {}))
        # Outputs of a create that did not end are guesses; without any the provider reads the object by its id.
        found.append({**resource, "id": id_, "outputs": {}})
        deployment["pending_operations"].remove(operation)
    deployment.setdefault("resources", []).extend(found)
    return State(exported), [each["urn"] for each in found]
