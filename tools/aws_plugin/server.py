"""The engine's protocol: requests in, answers out. What they mean stands in `lifecycle`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import metadata
from typing import Any

import grpc
from google.protobuf import any_pb2, empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from tools.aws_plugin import catalogue, values
from tools.aws_plugin.account import Account, Aws, Settings, open_account, unknown_settings
from tools.aws_plugin.errors import AWS_ERRORS, PluginError, sentence
from tools.aws_plugin.lifecycle import Difference, HalfMade, Lifecycle

DETAILS = "grpc-status-details-bin"


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """One process of the plugin. The engine starts one for each distinct provider of a program."""

    def __init__(self) -> None:
        self._account: Account | None = None

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi-aws"))

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        news = values.read(request.news)
        failures = [
            (name, f"The aws provider has no setting `{name}` that this plugin knows.")
            for name in unknown_settings(news)
        ]
        return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(failures))

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        """New settings reach the same objects in another way; they replace nothing."""
        moved = values.read(request.olds) != values.read(request.news)
        return provider_pb2.DiffResponse(changes=_changes(moved))

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        with _spoken(context):
            self._account = open_account(Settings.read(values.read(request.args)))
        return provider_pb2.ConfigureResponse(acceptSecrets=False, acceptResources=False, supportsPreview=True)

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:
        with _spoken(context):
            inputs, failures = self._lifecycle(request).check(values.read(request.news))
        return provider_pb2.CheckResponse(inputs=values.write(inputs), failures=_failures(failures))

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        with _spoken(context):
            state, inputs, news = map(values.read, (request.olds, request.old_inputs, request.news))
            found = self._lifecycle(request).diff(state, inputs, news)
        return _diff_response(found)

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        with _spoken(context):
            id_, state = self._lifecycle(request).create(values.read(request.properties), request.preview)
        return provider_pb2.CreateResponse(id=id_, properties=values.write(state))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        with _spoken(context):
            lifecycle = self._lifecycle(request)
            found = lifecycle.read(request.id, values.read(request.properties), values.read(request.inputs))
        if found is None:
            return provider_pb2.ReadResponse()
        id_, state, inputs = found
        return provider_pb2.ReadResponse(id=id_, properties=values.write(state), inputs=values.write(inputs))

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        with _spoken(context):
            state, news = values.read(request.olds), values.read(request.news)
            state = self._lifecycle(request).update(request.id, state, news, request.preview)
        return provider_pb2.UpdateResponse(properties=values.write(state))

    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:
        with _spoken(context):
            self._lifecycle(request).delete(request.id, values.read(request.properties))
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        with _spoken(context):
            call, arguments = catalogue.function(request.tok), values.read(request.args)
            account = self._configured()
            region = str(arguments.get("region") or account.region)
            try:
                answer = call(Aws(account, region), arguments)
            except AWS_ERRORS as error:
                raise PluginError(sentence(error, f"call {request.tok}")) from error
        # `return` is a word of Python, so it cannot be a keyword argument.
        return provider_pb2.InvokeResponse(**{"return": values.write(answer)})

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Also sent when a run ends well. Nothing here waits long enough to be cut short."""
        return empty_pb2.Empty()

    def _lifecycle(self, request: Any) -> Lifecycle:
        """Name and type also stand at the end of the URN, where older requests have them only."""
        *_, chain, name = request.urn.split("::", 3)
        token = request.type or chain.rsplit("$", 1)[-1]
        return Lifecycle(catalogue.resource(token), request.name or name, self._configured())

    def _configured(self) -> Account:
        if self._account is None:
            raise PluginError("The aws provider was asked for a resource before it got its settings.")
        return self._account


@contextmanager
def _spoken(context: grpc.ServicerContext) -> Iterator[None]:
    """Errors reach the user as the sentence that they are."""
    try:
        yield
    except PluginError as error:
        if isinstance(error, HalfMade):
            context.set_trailing_metadata(((DETAILS, _still_there(error)),))
        context.abort(grpc.StatusCode.UNKNOWN, str(error))


def _still_there(error: HalfMade) -> bytes:
    """Tells the engine that the object exists all the same, so that it stands in the state."""
    properties = values.write(error.properties)
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.id, properties=properties, inputs=properties, reasons=[str(error)]
    )
    packed = any_pb2.Any()
    packed.Pack(detail)
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error), details=[packed])
    return bytes(status.SerializeToString())


def _failures(found: Iterable[tuple[str, str]]) -> list[Any]:
    return [provider_pb2.CheckFailure(property=path, reason=reason) for path, reason in found]


def _changes(moved: bool) -> Any:
    return provider_pb2.DiffResponse.DIFF_SOME if moved else provider_pb2.DiffResponse.DIFF_NONE


def _diff_response(found: Difference) -> Any:
    kinds = provider_pb2.PropertyDiff
    return provider_pb2.DiffResponse(
        changes=_changes(bool(found.changed)),
        diffs=sorted(found.changed),
        replaces=sorted(name for name, replaces in found.changed.items() if replaces),
        deleteBeforeReplace=found.delete_first,
        hasDetailedDiff=True,
        detailedDiff={
            name: kinds(kind=kinds.UPDATE_REPLACE if replaces else kinds.UPDATE)
            for name, replaces in found.changed.items()
        },
    )
