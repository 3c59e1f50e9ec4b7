"""A dynamic resource that does what a test tells it to: succeed, wait for people, refuse or hang."""

import os
from pathlib import Path
from typing import Any

from pulumi import Input, ResourceOptions
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult

Props = dict[str, Any]


class SampleProvider(ResourceProvider):
    serialize_as_secret_always = False

    def create(self, props: Props) -> CreateResult:
        if props["refuse"]:
            raise ValueError(props["refuse"])
        if props["hang"]:
            # Both are named pipes: the first line says that we hang, and reading the second lasts until it is written.
            Path(props["hang"]).write_text(f"{os.getpid()}")
            Path(f"{props['hang']}-release").read_text()
        return CreateResult(props["name"], {**props, "waiting": props["waits_for"]})

    def diff(self, _id: str, olds: Props, news: Props) -> DiffResult:
        return DiffResult(changes=any(olds.get(key) != news.get(key) for key in ("waits_for", "refuse")))

    def update(self, _id: str, olds: Props, news: Props) -> UpdateResult:
        if news["refuse"]:
            raise ValueError(news["refuse"])
        return UpdateResult({**news, "waiting": news["waits_for"]})


class Sample(Resource, module="airlock", name="Sample"):
    waiting: "Input[str]"

    def __init__(self, name: str, props: Props, opts: ResourceOptions | None = None) -> None:
        defaults = {"name": name, "refuse": "", "hang": "", "waits_for": "", "forbidden": False}
        super().__init__(SampleProvider(), name, {**defaults, **props, "waiting": None}, opts)
