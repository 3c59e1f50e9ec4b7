"""A stack's state as `pulumi stack export` gives it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from airlock.deploy.results import Waiting
from airlock.deploy.stream import name_of

_OURS = "pulumi-python:dynamic/airlock:"
# The one output under which every stack exports its contract.
_CONTRACT = "contract"


@dataclass(frozen=True)
class State:
    exported: dict[str, Any]

    @property
    def resources(self) -> list[dict[str, Any]]:
        deployment = self.exported.get("deployment") or {}
        return list(deployment.get("resources") or [])

    @property
    def pending(self) -> list[str]:
        """The resources that were in the hands of an engine when it died."""
        operations = (self.exported.get("deployment") or {}).get("pending_operations") or []
        return [name_of(operation["resource"]["urn"]) for operation in operations]

    def contract(self) -> dict[str, Any] | None:
        """What the stack exports for others, or None where it was never deployed."""
        for resource in self.resources:
            if resource["type"] == "pulumi:pulumi:Stack":
                found = (resource.get("outputs") or {}).get(_CONTRACT)
                return dict(found) if isinstance(found, dict) else None
        return None

    def waiting(self, stack: str) -> Iterator[Waiting]:
        """The resources of ours that need people before they can go on."""
        for resource in self.resources:
            sentence = (resource.get("outputs") or {}).get("waiting")
            if resource["type"].startswith(_OURS) and isinstance(sentence, str) and sentence:
                yield Waiting(stack=stack, resource=name_of(resource["urn"]), sentence=sentence)
