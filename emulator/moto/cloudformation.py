"""CloudFormation: types that moto creates only in part, and ours, which must be loaded to be found."""

import importlib
import json
from typing import Any


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after one of moto's modules was imported."""
    if module.__name__ == "moto.cloudformation.parsing":
        importlib.import_module("moto.backup")
        _refuse_unknown_types(module)
    else:
        _complete_keys(module)


def _refuse_unknown_types(module: Any) -> None:
    """Nothing of a template is made when it has a type that moto leaves out and then reports as created."""
    load, update, known = module.ResourceMap.load, module.ResourceMap.update, module.resource_class_from_type

    def check(resources: dict[str, Any]) -> None:
        for resource in resources.values():
            kind = str(resource.get("Type", ""))
            if kind not in module.NULL_MODELS and known(kind) is None:
                raise NotImplementedError(f"CloudFormation's type {kind} is not modelled.")

    def loaded(self: Any) -> None:
        check(self._resource_json_map)  # moto has no public name for it
        load(self)

    def updated(self: Any, template: dict[str, Any], parameters: dict[str, Any] | None = None) -> None:
        check(template["Resources"])
        update(self, template, parameters)

    module.ResourceMap.load, module.ResourceMap.update = loaded, updated


def complete_roles(module: Any) -> None:
    """AWS::IAM::Role with its managed policies, which moto forgets, and documents as text, as IAM hands them out."""
    create, update = module.Role.create_from_cloudformation_json, module.Role.update_from_cloudformation_json

    # The names of the parameters are moto's: it passes them by name here and by place there.
    def created(
        _: Any, /, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **rest: Any
    ) -> Any:
        properties = _with_texts(cloudformation_json["Properties"])
        definition = {**cloudformation_json, "Properties": properties}
        role = create(resource_name, definition, account_id, region_name, **rest)
        _attach(module, account_id, role, properties)
        return role

    def updated(
        _: Any,
        /,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> Any:
        role, properties = original_resource, _with_texts(cloudformation_json["Properties"])
        definition = {**cloudformation_json, "Properties": properties}
        update(role, new_resource_name, definition, account_id, region_name)
        role.policies = {policy["PolicyName"]: policy["PolicyDocument"] for policy in properties["Policies"]}
        role.assume_role_policy_document = _text(properties["AssumeRolePolicyDocument"])
        _detach(module, account_id, role)
        _attach(module, account_id, role, properties)
        return role

    module.Role.create_from_cloudformation_json = classmethod(created)
    module.Role.update_from_cloudformation_json = classmethod(updated)
    _detach_before_deletion(module)


def _detach_before_deletion(module: Any) -> None:
    delete = module.Role.delete_from_cloudformation_json

    def deleted(
        _: Any, /, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **rest: Any
    ) -> None:
        for role in module.iam_backends[account_id]["aws"].roles.values():
            if role.name == resource_name:
                _detach(module, account_id, role)
        delete(resource_name, cloudformation_json, account_id, region_name, **rest)

    module.Role.delete_from_cloudformation_json = classmethod(deleted)


def _attach(module: Any, account_id: str, role: Any, properties: dict[str, Any]) -> None:
    for arn in properties.get("ManagedPolicyArns", []):
        module.iam_backends[account_id]["aws"].attach_role_policy(arn, role.name)


def _detach(module: Any, account_id: str, role: Any) -> None:
    for arn in list(role.managed_policies):
        module.iam_backends[account_id]["aws"].detach_role_policy(arn, role.name)


def _complete_keys(module: Any) -> None:
    """AWS::KMS::Key with tags and a policy as text, as KMS hands it out; the default policy when it has none."""
    create = module.Key.create_from_cloudformation_json

    def created(
        _: Any, /, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **rest: Any
    ) -> Any:
        properties = dict(cloudformation_json.get("Properties", {}))
        policy = properties.get("KeyPolicy")
        properties["KeyPolicy"] = _text(policy) if policy else None
        # Templates say Key and Value where the KMS API says TagKey and TagValue.
        tags = properties.get("Tags", [])
        properties["Tags"] = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tags]
        return create(resource_name, {**cloudformation_json, "Properties": properties}, account_id, region_name, **rest)

    module.Key.create_from_cloudformation_json = classmethod(created)


def _with_texts(properties: dict[str, Any]) -> dict[str, Any]:
    policies = [
        {**policy, "PolicyDocument": _text(policy["PolicyDocument"])} for policy in properties.get("Policies", [])
    ]
    return {**properties, "Policies": policies}


def _text(document: Any) -> str:
    # Dates in YAML templates (Version: 2012-10-17) arrive as dates.
    return document if isinstance(document, str) else json.dumps(document, default=str)
