"""The mark by which a dynamic resource finds its object again after a crash."""

import pulumi

from airlock.domain.names import owner_tag


def owner(name: str) -> str:
    """Project, stack and logical name: stable as long as the resource is the same resource."""
    return owner_tag(pulumi.get_project(), pulumi.get_stack(), name)
