"""What a resource type is: a table of its properties and the AWS calls of its life."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from tools.aws_plugin.account import Aws
from tools.aws_plugin.fields import Field, string
from tools.aws_plugin.values import Properties


class Resource:
    """One resource type. Subclasses hold the table and the calls; they keep no state.

    `create` makes the object with one call and returns its id. What needs further calls or a wait stands in `finish`:
    when that fails the object exists, the engine keeps it, and the next run updates it (which calls `finish` again).
    `one_of_a_kind`: an account has one, so deleting the old one after making the new one would undo the new one.
    `read` returns every property as AWS has it, or None when the object is gone.
    """

    type_name: ClassVar[str]
    inputs: ClassVar[Mapping[str, Field]]
    computed: ClassVar[tuple[str, ...]] = ()
    regional: ClassVar[bool] = True
    one_of_a_kind: ClassVar[bool] = False

    def fields(self) -> Mapping[str, Field]:
        """The accepted inputs. A regional type takes `region`, and moving to another Region means a new object."""
        return {**self.inputs, "region": string(replaces=True, from_aws=True)} if self.regional else self.inputs

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

    def settled_id(self, id_: str) -> str:
        """The id that state keeps, where an import names the object by more than that."""
        return id_


def present(**arguments: Any) -> dict[str, Any]:
    """Arguments for a boto3 call, without those that the program left out: AWS takes no None."""
    return {name: value for name, value in arguments.items() if value is not None}


def changed(old: Properties, new: Properties, *names: str) -> bool:
    return any(old.get(name) != new.get(name) for name in names)


def moment(value: Any) -> str | None:
    """A time as AWS's own tools print it."""
    return value.isoformat() if value is not None else None
