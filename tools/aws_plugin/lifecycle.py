"""The engine's questions about one resource, answered from the tables and by AWS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import ClientError

from tools.aws_plugin.account import Account, Aws
from tools.aws_plugin.errors import AWS_ERRORS, PluginError, sentence
from tools.aws_plugin.fields import ABSENT, Field, problems, same, with_defaults
from tools.aws_plugin.resource import Resource
from tools.aws_plugin.values import UNKNOWN, Properties

# How an import names an object outside the provider's Region.
IN_A_REGION = re.compile(r"(.+)@([a-z]{2}(?:-[a-z]+)+-\d{1,2})")


class HalfMade(PluginError):
    """The object exists, but its creation was not seen to its end. The engine keeps it; the next run updates it."""

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
        # What an earlier check put in comes back; it is no property of the program.
        found = list(problems(self.label, fields, {name: news[name] for name in news if name != "tagsAll"}))
        inputs = with_defaults(fields, news)
        if self.kind.regional and not inputs.get("region"):
            inputs["region"] = self.account.region
        if not found:
            found = [
                (path, f"Property `{path}` of {self.label} {problem}") for path, problem in self._contradictions(inputs)
            ]
        return _with_all_tags(fields, inputs), found

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
        return Difference(changed, delete_first=any(changed.values()) and self._goes_first(news))

    def create(self, inputs: Properties, preview: bool) -> tuple[str, Properties]:
        if preview:
            return "", {**dict.fromkeys(self._by_aws(inputs), UNKNOWN), **_known(self.kind, inputs)}
        aws = self._aws(inputs)
        with _telling(f"create {self.label}{_where(aws, self.kind)}"):
            id_ = self.kind.create(aws, inputs)
        with self._kept(id_, inputs, f"finish the creation of {self.label}{_where(aws, self.kind)}"):
            self.kind.finish(aws, id_, inputs)
            live = self._seen(aws, id_, inputs)
        return id_, self._state(aws, live, inputs)

    def update(self, id_: str, state: Properties, inputs: Properties, preview: bool) -> Properties:
        planned = {**{name: state.get(name, UNKNOWN) for name in self._by_aws(inputs)}, **_known(self.kind, inputs)}
        if preview:
            return planned
        aws = self._aws(inputs)
        with _telling(f"update {self.label}{_where(aws, self.kind)}"):
            self.kind.update(aws, id_, state, inputs)
        if self.kind.state_is_planned:
            return {name: value for name, value in planned.items() if value != UNKNOWN}
        with self._kept(id_, inputs, f"finish the update of {self.label}{_where(aws, self.kind)}"):
            live = self._seen(aws, id_, {**state, **inputs})
        return self._state(aws, live, inputs)

    def read(self, id_: str, state: Properties, inputs: Properties) -> tuple[str, Properties, Properties] | None:
        """(id, state, inputs) as AWS has them now, or None when the object is gone.

        Without state it is an import: the id says everything, and inputs are not looked at.
        """
        if state:
            known, region = {**inputs, **state}, str(state.get("region") or inputs.get("region") or "")
        else:
            inputs, known = {}, {}
            id_, region = self._import_id(id_)
        aws = Aws(self.account, region if region and self.kind.regional else self.account.region)
        with _telling(f"read {self.label}{_where(aws, self.kind)}"):
            live = self.kind.read(aws, id_, known)
        if live is None:
            return None
        found = self._state(aws, live, known)
        return (id_ if state else self.kind.settled_id(id_, live)), found, self._inputs(found, inputs)

    def delete(self, id_: str, state: Properties) -> None:
        aws = self._aws(state)
        with _telling(f"delete {self.label}{_where(aws, self.kind)}"):
            try:
                self.kind.delete(aws, id_, state)
            except ClientError:
                # Gone already, or on its way: what was asked for is so. Anything else is for people to decide.
                if not self.kind.sees_for_itself or self.kind.read(aws, id_, state) is not None:
                    raise

    @contextmanager
    def _kept(self, id_: str, inputs: Properties, doing: str) -> Iterator[None]:
        """The object exists from here on. The bridge tells the engine so for types of the older SDK only."""
        try:
            with _telling(doing):
                yield
        except PluginError as error:
            if self.kind.framework:
                raise
            raise HalfMade(id_, _known(self.kind, inputs), str(error)) from error

    def _contradictions(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        """What is wrong with values that are right each by itself."""
        yield from self.kind.contradictions(inputs)
        region = inputs.get("region")
        if region and region != UNKNOWN and (problem := self.account.out_of_reach(region)):
            yield "region", problem

    def _goes_first(self, news: Properties) -> bool:
        """Two objects of the older SDK never share a name that the program gave; the bridge looks at nothing else."""
        if self.kind.framework:
            return False
        return self.kind.deleted_first or ("name" in self.kind.inputs and "name" in news)

    def _import_id(self, id_: str) -> tuple[str, str]:
        """The plain id and the Region of `ID@REGION`; no Region where none is named."""
        found = IN_A_REGION.fullmatch(id_) if self.kind.regional else None
        return (found[1], found[2]) if found else (id_, "")

    def _aws(self, properties: Properties) -> Aws:
        return Aws(self.account, str(properties.get("region") or self.account.region))

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
        names = [name for name in inputs if name in {*fields, "tagsAll"}] or [
            name for name, field in fields.items() if found.get(name) not in ABSENT and not field.local
        ]
        return {name: found[name] for name in names if name in found}

    def _by_aws(self, inputs: Properties) -> list[str]:
        """The properties whose value only AWS knows before the object is made."""
        chosen = [name for name, field in self.kind.fields().items() if field.from_aws and name not in inputs]
        return [*self.kind.computed, *chosen]


def _known(kind: Resource, inputs: Properties) -> Properties:
    return _with_all_tags(kind.fields(), dict(inputs))


def _with_all_tags(fields: Mapping[str, Field], found: Properties) -> Properties:
    """`tagsAll` also holds a provider's default tags: there are none here, so it is the same.

    The check makes it an input: whoever reads inputs (policy packs, plans, states) meets it.
    """
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
