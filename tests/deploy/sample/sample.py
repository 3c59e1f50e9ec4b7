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
        hang(props)
        return CreateResult(props["name"], {**props, "waiting": waiting(props)})

    def diff(self, _id: str, olds: Props, news: Props) -> DiffResult:
        changed = any(olds.get(key) != news.get(key) for key in ("waits_for", "refuse", "hang"))
        return DiffResult(changes=changed or olds.get("waiting") != waiting(news))

    def update(self, _id: str, olds: Props, news: Props) -> UpdateResult:
        if news["refuse"]:
            raise ValueError(news["refuse"])
        hang(news)
        return UpdateResult({**news, "waiting": waiting(news)})


def waiting(props: Props) -> str:
    """What people have to do: as the program says, or as the world outside says now."""
    return Path(props["live"]).read_text() if props["live"] else props["waits_for"]


def hang(props: Props) -> None:
    """Both are named pipes: the first line says that we hang, and reading the second lasts until it is written."""
    if props["hang"]:
        Path(props["hang"]).write_text(f"{os.getpid()}")
        Path(f"{props['hang']}-release").read_text()


class Sample(Resource, module="airlock", name="Sample"):
    waiting: "Input[str]"

    def __init__(self, name: str, props: Props, opts: ResourceOptions | None = None) -> None:
        defaults = {"name": name, "refuse": "", "hang": "", "waits_for": "", "live": "", "forbidden": False}
        super().__init__(SampleProvider(), name, {**defaults, **props, "waiting": None}, opts)
