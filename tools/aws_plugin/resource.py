"""What a resource type is: a table of its properties and the AWS calls of its life."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from tools.aws_plugin.account import Aws
from tools.aws_plugin.fields import Field, string
from tools.aws_plugin.values import Properties


class Resource:
    """One resource type. Subclasses hold the table and the calls; they keep no state.

    `create` returns the id once the real plugin has recorded it. What follows stands in `finish`: when that fails, the
    engine keeps the object, and the next run updates it, which finishes nothing.
    `read` returns every property as AWS has it, or None when the object is gone. An import knows nothing but the id.

    Types of Terraform's Plugin Framework (`framework`) differ from those of its older SDK: a creation that fails
    half-way leaves nothing in the state, and no name makes the old object go before the new one.
    `deleted_first`: the real plugin deletes the old object first whatever changed.
    `state_is_planned`: after an update the state holds what was planned, whatever AWS says.
    `sees_for_itself`: a refused delete counts as done when the object is gone all the same.
    """

    type_name: ClassVar[str]
    inputs: ClassVar[Mapping[str, Field]]
    computed: ClassVar[tuple[str, ...]] = ()
    regional: ClassVar[bool] = True
    framework: ClassVar[bool] = False
    deleted_first: ClassVar[bool] = False
    state_is_planned: ClassVar[bool] = False
    sees_for_itself: ClassVar[bool] = True

    def fields(self) -> Mapping[str, Field]:
        """The accepted inputs. A regional type takes `region`, and moving to another Region means a new object."""
        return {**self.inputs, "region": string(replaces=True, from_aws=True)} if self.regional else self.inputs

    def contradictions(self, inputs: Properties) -> Iterator[tuple[str, str]]:  # noqa: ARG002 - for those that override it
        """(property, what is wrong with it beside the others), as the end of a sentence that begins with its name."""
        yield from ()

    def create(self, aws: Aws, new: Properties) -> str:
        raise NotImplementedError

    def finish(self, aws: Aws, id_: str, new: Properties) -> None:
        """Nothing more to do for most types."""

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        raise NotImplementedError

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        """Only called for types with a property that can change in place."""

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        raise NotImplementedError

    def settled_id(self, id_: str, live: Properties) -> str:  # noqa: ARG002 - for those that override it
        """The id that state keeps, where an import names the object in another way."""
        return id_


def present(**arguments: Any) -> dict[str, Any]:
    """Arguments for a boto3 call, without those that the program left out: AWS takes no None."""
    return {name: value for name, value in arguments.items() if value is not None}


def changed(old: Properties, new: Properties, *names: str) -> bool:
    return any(old.get(name) != new.get(name) for name in names)


def moment(value: Any) -> str | None:
    """A time as AWS's own tools print it."""
    return value.isoformat() if value is not None else None
