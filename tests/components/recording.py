"""Runs a piece of program without an engine and writes down what it registered, options included."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc
import pulumi
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks

ACCOUNT = "444444444444"
REGION = "eu-west-1"
DYNAMIC = "pulumi-python:dynamic/airlock:"


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One registered resource."""

    type: str
    name: str
    inputs: dict[str, Any]
    protect: bool
    parent: str
    provider: str
    dependencies: tuple[str, ...]
    retain_on_delete: bool
    delete_before_replace: bool
    deleted_with: str
    aliases: tuple[str, ...]

    def document(self, key: str) -> dict[str, Any]:
        """An input that is JSON text."""
        document: dict[str, Any] = json.loads(self.inputs[key])
        return document


class RefusedByEngine(grpc.RpcError):  # type: ignore[misc]  # grpc ships no types
    """How the engine's no reaches a program."""

    def code(self) -> grpc.StatusCode:
        """The engine has no better one."""
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        """The sentence."""
        return str(self)


@dataclass
class World(Mocks):
    """What the engine and AWS would have answered."""

    stacks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Only stack outputs may be asked for: no other invoke is expected of this program."""
        if args.token != "pulumi:pulumi:readStackOutputs":
            raise LookupError(f"nobody expected the call {args.token}")
        name = args.args["name"]
        self.asked.append(name)
        if name not in self.stacks:
            raise RefusedByEngine(f'unknown stack "{name}"')
        return {"name": name, "outputs": dict(self.stacks[name])}, []

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Inputs come back as outputs, with an id and an ARN."""
        if args.typ == "pulumi:pulumi:StackReference":
            return args.name, {"name": args.inputs["name"], "outputs": dict(self.stacks[args.inputs["name"]])}
        return identity(args), {
            **args.inputs,
            "arn": arn(args),
            "keyId": f"{args.name}-key-id",
            "portal_url": "https://portal.example",
        }


def arn(args: MockResourceArgs) -> str:
    """Shaped as AWS shapes it where a program could look at it."""
    name = args.inputs.get("name", args.name)
    kind = args.typ.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
    return f"arn:aws:{kind.lower()}:{REGION}:{ACCOUNT}:{name}"


def identity(args: MockResourceArgs) -> str:
    """The ids that the design promises from the first run on."""
    match args.typ.removeprefix(DYNAMIC):
        case "EnabledPolicyType":
            return "r-root/" + str(args.inputs["policy_type"])
        case "DelegationPolicy":
            return "o-organization"
        case "ApprovalTeam":
            return f"arn:aws:mpa:us-east-1:{ACCOUNT}:approval-team/{args.inputs['name']}-1"
        case "IdentitySource":
            return f"arn:aws:mpa:us-east-1:{ACCOUNT}:identity-source/IamIdentityCenter"
        case "ShareAcceptance":
            return str(args.inputs["share_arn"])
        case _:
            return f"{args.name}-id"


class Monitor(MockMonitor):
    """MockResourceArgs hides the options of a resource; the requests have them."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.requests: list[Any] = []

    def RegisterResource(self, request: Any) -> Any:
        """Remembers the request, then answers as ever."""
        self.requests.append(request)
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK does not type its mocks


@dataclass
class Recording:
    """All registrations of one run."""

    registrations: list[Registration]
    world: World

    def __iter__(self) -> Iterator[Registration]:
        return iter(self.registrations)

    def of(self, kind: str) -> list[Registration]:
        """By the end of the type token: `VaultPolicy`, `ram/resourceShare:ResourceShare`."""
        return [one for one in self if one.type == kind or one.type.endswith((f":{kind}", f"/{kind}"))]

    def one(self, kind: str) -> Registration:
        """The only one of a kind."""
        found = self.of(kind)
        assert len(found) == 1, f"expected one {kind}, found {[one.name for one in found]}"
        return found[0]

    def named(self, name: str) -> Registration:
        """By its logical name."""
        found = [one for one in self if one.name == name]
        assert len(found) == 1, f"expected one resource named {name}, found {len(found)}"
        return found[0]


def record(
    program: Callable[[], Any],
    *,
    stacks: Mapping[str, Mapping[str, Any]] | None = None,
    stack: str = "stack",
    config: Mapping[str, str] | None = None,
    made: list[str] | None = None,
) -> Recording:
    """Runs the program to its end: only then can an absence be proven.

    `made` receives the types of what was registered, also when the program fails.
    """
    world = World(stacks=stacks or {})
    monitor = Monitor(world)
    set_mocks(world, project="airlock", stack=stack, preview=False, monitor=monitor, organization="organization")
    pulumi.runtime.set_all_config(dict(config or {}))

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # nor this
    def run() -> Any:
        return program()

    try:
        run()
    finally:
        if made is not None:
            made += [request.type for request in monitor.requests if not request.type.startswith("pulumi:")]
    return Recording([_registration(request) for request in monitor.requests], world)


def _registration(request: Any) -> Registration:
    return Registration(
        type=request.type,
        name=request.name,
        inputs=pulumi.runtime.rpc.deserialize_properties(request.object),
        protect=request.protect,
        parent=request.parent,
        provider=request.provider,
        dependencies=tuple(request.dependencies),
        retain_on_delete=request.retainOnDelete,
        delete_before_replace=request.deleteBeforeReplace,
        deleted_with=request.deletedWith,
        aliases=tuple(alias.spec.name or alias.urn for alias in request.aliases),
    )
