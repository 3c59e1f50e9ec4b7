"""A stack's state as `pulumi stack export` gives it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from airlock.deploy.engine_output import name_of
from airlock.deploy.results import Waiting
from airlock.domain.contracts import OUTPUT

_VAULTS = {"aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault", "aws:backup/vault:Vault"}
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

    def vaults(self) -> dict[str, tuple[str, str]]:
        """Name and Region of each backup vault, by URN."""
        return {
            each["urn"]: (str(each["id"]), str((each.get("outputs") or {}).get("region", "")))
            for each in self.resources
            if each["type"] in _VAULTS and each.get("id")
        }

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
