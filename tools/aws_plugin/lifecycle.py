"""The engine's questions about one resource, answered from the tables and by AWS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import ClientError

from tools.aws_plugin.account import Account, Aws
from tools.aws_plugin.errors import AWS_ERRORS, PluginError, sentence
from tools.aws_plugin.fields import Field, problems, same, with_defaults
from tools.aws_plugin.resource import Resource
from tools.aws_plugin.values import UNKNOWN, Properties


class HalfMade(PluginError):
    """The object exists, but is not as the program wants it. The engine keeps it; the next run goes on from there."""

    def __init__(self, id_: str, properties: Properties, reason: str) -> None:
        super().__init__(reason)
        self.id, self.properties = id_, properties


@dataclass(frozen=True)
class Difference:
    """Names of changed properties; True where the change means a new object, and whether the old one goes first."""

    changed: Mapping[str, bool]
    delete_first: bool


@dataclass(frozen=True)
class Lifecycle:
    """One resource of a program: its type, its name there, and the account it lives in."""

    kind: Resource
    name: str
    account: Account

    @property
    def label(self) -> str:
        return f"{self.kind.type_name} `{self.name}`"

    def check(self, news: Properties) -> tuple[Properties, list[tuple[str, str]]]:
        fields = self.kind.fields()
        found = list(problems(self.label, fields, news))
        inputs = with_defaults(fields, news)
        if self.kind.regional and not inputs.get("region"):
            inputs["region"] = self.account.region
        return inputs, found

    def diff(self, state: Properties, old_inputs: Properties, news: Properties) -> Difference:
        """The program's wishes against what AWS was last seen to have, so that drift found by a refresh is a change."""
        changed = {}
        for name, field in self.kind.fields().items():
            if name in news:
                moved = not same(field, news[name], state.get(name))
            else:
                moved = name in old_inputs and not field.from_aws and not same(field, None, state.get(name))
            if moved:
                changed[name] = field.replaces
        # A name is taken as long as the old object has it; what may stand beside the old one is made before that goes.
        taken = self.kind.one_of_a_kind or ("name" in self.kind.inputs and "name" not in changed)
        return Difference(changed, delete_first=taken and any(changed.values()))

    def create(self, inputs: Properties, preview: bool) -> tuple[str, Properties]:
        if preview:
            return "", {**dict.fromkeys(self._by_aws(inputs), UNKNOWN), **_known(self.kind, inputs)}
        aws = self._aws(inputs)
        with _telling(f"create {self.label}{_where(aws, self.kind)}"):
            id_ = self.kind.create(aws, inputs)
        return id_, self._settle(aws, id_, inputs, f"finish the creation of {self.label}{_where(aws, self.kind)}")

    def update(self, id_: str, state: Properties, inputs: Properties, preview: bool) -> Properties:
        if preview:
            kept = {name: state.get(name, UNKNOWN) for name in self._by_aws(inputs)}
            return {**kept, **_known(self.kind, inputs)}
        aws = self._aws(inputs)
        with _telling(f"update {self.label}{_where(aws, self.kind)}"):
            self.kind.update(aws, id_, state, inputs)
        return self._settle(aws, id_, inputs, f"finish the update of {self.label}{_where(aws, self.kind)}")

    def read(self, id_: str, state: Properties, inputs: Properties) -> tuple[str, Properties, Properties] | None:
        """(id, state, inputs) as AWS has them now, or None when the object is gone. Without inputs it is an import."""
        region = str(state.get("region") or inputs.get("region") or self.account.region) if self.kind.regional else None
        aws = Aws(self.account, region or self.account.region)
        with _telling(f"read {self.label}{_where(aws, self.kind)}"):
            live = self.kind.read(aws, id_, {**inputs, **state})
        if live is None:
            return None
        found = self._state(aws, live, {**inputs, **state})
        return self.kind.settled_id(id_), found, self._inputs(found, inputs)

    def delete(self, id_: str, state: Properties) -> None:
        aws = self._aws(state)
        with _telling(f"delete {self.label}{_where(aws, self.kind)}"):
            try:
                self.kind.delete(aws, id_, state)
            except ClientError:
                # Gone already, or on its way: what was asked for is so. Anything else is for people to decide.
                if self.kind.read(aws, id_, state) is not None:
                    raise

    def _aws(self, properties: Properties) -> Aws:
        return Aws(self.account, str(properties.get("region") or self.account.region))

    def _settle(self, aws: Aws, id_: str, inputs: Properties, doing: str) -> Properties:
        try:
            with _telling(doing):
                self.kind.finish(aws, id_, inputs)
                live = self._seen(aws, id_, inputs)
        except PluginError as error:
            raise HalfMade(id_, _known(self.kind, inputs), str(error)) from error
        return self._state(aws, live, inputs)

    def _seen(self, aws: Aws, id_: str, inputs: Properties) -> Properties:
        if (live := self.kind.read(aws, id_, inputs)) is None:
            raise PluginError("AWS took the call and then does not show the object.")
        return live

    def _state(self, aws: Aws, live: Properties, known: Properties) -> Properties:
        """AWS's values; where the program's spelling means the same, the program's, so that nothing seems to move."""
        fields = self.kind.fields()
        found = {name: value for name, value in live.items() if value is not None}
        if self.kind.regional:
            found["region"] = aws.region
        for name, field in fields.items():
            if name in known and (field.local or (name in found and same(field, known[name], found[name]))):
                found[name] = known[name]
        return _with_all_tags(fields, found)

    def _inputs(self, found: Properties, inputs: Properties) -> Properties:
        """What a program would have to say to get what is there."""
        fields = self.kind.fields()
        names = [name for name in inputs if name in fields] or [
            name for name, field in fields.items() if found.get(name) not in (None, {}, []) and not field.local
        ]
        return {name: found[name] for name in names if name in found}

    def _by_aws(self, inputs: Properties) -> list[str]:
        """The properties whose value only AWS knows before the object is made."""
        chosen = [name for name, field in self.kind.fields().items() if field.from_aws and name not in inputs]
        return [*self.kind.computed, *chosen]


def _known(kind: Resource, inputs: Properties) -> Properties:
    return _with_all_tags(kind.fields(), dict(inputs))


def _with_all_tags(fields: Mapping[str, Field], found: Properties) -> Properties:
    """`tagsAll` also holds a provider's default tags; this plugin knows none, so it is the same."""
    return {**found, "tagsAll": found.get("tags") or {}} if "tags" in fields else found


def _where(aws: Aws, kind: Resource) -> str:
    return f" in {aws.region}" if kind.regional else ""


@contextmanager
def _telling(doing: str) -> Iterator[None]:
    """Turns every way in which a call fails into one sentence that names what was attempted."""
    try:
        yield
    except (PluginError, *AWS_ERRORS) as error:
        raise PluginError(sentence(error, doing)) from error
