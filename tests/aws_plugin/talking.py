"""Speaks to the plugin as the engine does: over gRPC, in the order in which the engine asks."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from concurrent import futures
from dataclasses import dataclass
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from tools.aws_plugin import values
from tools.aws_plugin.server import Provider


class Refusal(Exception):
    """What the user of the engine would read."""

    def __init__(self, error: grpc.RpcError) -> None:
        super().__init__(error.details())
        self.kept: Any = None
        for name, value in error.trailing_metadata() or ():
            if name == "grpc-status-details-bin":
                self.kept = provider_pb2.ErrorResourceInitFailed()
                status_pb2.Status.FromString(value).details[0].Unpack(self.kept)


@dataclass
class Made:
    """One resource as the engine's state holds it."""

    plugin: Plugin
    token: str
    name: str
    id: str
    state: dict[str, Any]
    inputs: dict[str, Any]

    def diff(self, **news: Any) -> tuple[set[str], set[str]]:
        """The names of what changed, and of what replaces."""
        answer = self.compare(**news)
        assert (answer.changes == provider_pb2.DiffResponse.DIFF_SOME) == bool(answer.diffs)
        assert set(answer.detailedDiff) == set(answer.diffs)
        return set(answer.diffs), set(answer.replaces)

    def compare(self, **news: Any) -> Any:
        """The whole answer."""
        checked, failures = self.plugin.check(self.token, news, self.name)
        assert not failures, failures
        return self.plugin.call(
            "Diff",
            provider_pb2.DiffRequest(
                id=self.id,
                urn=urn(self.token, self.name),
                olds=values.write(self.state),
                old_inputs=values.write(self.inputs),
                news=values.write(checked),
            ),
        )

    def update(self, *, preview: bool = False, **news: Any) -> dict[str, Any]:
        checked, _ = self.plugin.check(self.token, news, self.name)
        answer = self.plugin.call(
            "Update",
            provider_pb2.UpdateRequest(
                id=self.id,
                urn=urn(self.token, self.name),
                olds=values.write(self.state),
                old_inputs=values.write(self.inputs),
                news=values.write(checked),
                preview=preview,
            ),
        )
        state = values.read(answer.properties)
        if not preview:
            self.state, self.inputs = state, checked
        return state

    def refresh(self) -> bool:
        """False when the object is gone."""
        found = self.plugin.read(self.token, self.id, self.state, self.inputs, self.name)
        if found is None:
            return False
        self.id, self.state, self.inputs = found
        return True

    def delete(self) -> None:
        request = provider_pb2.DeleteRequest(
            id=self.id, urn=urn(self.token, self.name), properties=values.write(self.state)
        )
        self.plugin.call("Delete", request)


class Plugin:
    """The plugin's protocol over a channel."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = provider_pb2_grpc.ResourceProviderStub(channel)

    def call(self, method: str, request: Any) -> Any:
        try:
            return getattr(self._stub, method)(request, timeout=60)
        except grpc.RpcError as error:
            raise Refusal(error) from None

    def configure(self, **settings: Any) -> Any:
        """Everything but strings arrives as JSON text, as the engine sends it."""
        sent = {name: value if isinstance(value, str) else json.dumps(value) for name, value in settings.items()}
        return self.call("Configure", provider_pb2.ConfigureRequest(args=values.write(sent)))

    def check(self, token: str, news: Mapping[str, Any], name: str = "it") -> tuple[dict[str, Any], list[str]]:
        answer = self.call("Check", provider_pb2.CheckRequest(urn=urn(token, name), news=values.write(news)))
        return values.read(answer.inputs), [failure.reason for failure in answer.failures]

    def create(self, token: str, name: str = "it", /, **inputs: Any) -> Made:
        checked, failures = self.check(token, inputs, name)
        assert not failures, failures
        answer = self.call("Create", provider_pb2.CreateRequest(urn=urn(token, name), properties=values.write(checked)))
        return Made(self, token, name, answer.id, values.read(answer.properties), checked)

    def preview(self, token: str, /, **inputs: Any) -> dict[str, Any]:
        checked, failures = self.check(token, inputs)
        assert not failures, failures
        request = provider_pb2.CreateRequest(urn=urn(token, "it"), properties=values.write(checked), preview=True)
        return values.read(self.call("Create", request).properties)

    def read(
        self,
        token: str,
        id_: str,
        state: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Any] | None = None,
        name: str = "it",
    ) -> tuple[str, dict[str, Any], dict[str, Any]] | None:
        """Without state and inputs it is an import."""
        request = provider_pb2.ReadRequest(id=id_, urn=urn(token, name))
        if state is not None:
            request.properties.CopyFrom(values.write(state))
        if inputs is not None:
            request.inputs.CopyFrom(values.write(inputs))
        answer = self.call("Read", request)
        return (answer.id, values.read(answer.properties), values.read(answer.inputs)) if answer.id else None

    def invoke(self, token: str, **arguments: Any) -> dict[str, Any]:
        answer = self.call("Invoke", provider_pb2.InvokeRequest(tok=token, args=values.write(arguments)))
        return values.read(getattr(answer, "return"))


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:test::airlock::airlock:components:Some${token}::{name}"


@contextlib.contextmanager
def plugin() -> Iterator[Plugin]:
    """A plugin of its own, as the engine starts one for each provider, but inside this process."""
    server = grpc.server(futures.ThreadPoolExecutor(8))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield Plugin(channel)
    finally:
        server.stop(grace=1).wait()
