"""The gRPC service that the engine talks to: `LanguageRuntime` of Pulumi's protocol."""

import json
import os
import platform
import signal
import socket
import sys
from collections.abc import Iterator
from concurrent import futures
from importlib import metadata
from typing import Any, TypeAlias

import grpc
from google.protobuf import empty_pb2

from .children import REPORTED, Children, output_of
from .interpreter import NoInterpreterError, interpreter
from .packages import distributions, plugins
from .stubs import language_pb2, language_pb2_grpc, plugin_pb2

# A state with many resources travels in one message; gRPC's own limit is 4 MB.
_LARGEST_MESSAGE = 400 * 1024 * 1024
_POLICY_PACK = "analyzer"
# Runs and packs hold a thread each while they last; the short questions need free ones beside them.
_THREADS = 32

Context: TypeAlias = grpc.ServicerContext


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs Python programs and policy packs. Everything else the engine may ask is answered with what is true here."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._children = Children()

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: Context
    ) -> language_pb2.LanguageHandshakeResponse:
        self._engine = request.engine_address or self._engine
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: Context) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi"))

    def About(self, request: language_pb2.AboutRequest, context: Context) -> language_pb2.AboutResponse:
        python = _interpreter(request.info, context)
        return language_pb2.AboutResponse(executable=python, version=platform.python_version())

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: Context
    ) -> language_pb2.GetRequiredPackagesResponse:
        python = _interpreter(request.info, context)
        return language_pb2.GetRequiredPackagesResponse(
            packages=[
                plugin_pb2.PackageDependency(
                    name=plugin["name"], kind="resource", version=plugin["version"], server=plugin["server"]
                )
                for plugin in plugins(python)
            ]
        )

    def GetProgramDependencies(
        self, request: language_pb2.GetProgramDependenciesRequest, context: Context
    ) -> language_pb2.GetProgramDependenciesResponse:
        python = _interpreter(request.info, context)
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=package["name"], version=package["version"])
                for package in distributions(python)
            ]
        )

    def RuntimeOptionsPrompts(
        self, request: language_pb2.RuntimeOptionsRequest, context: Context
    ) -> language_pb2.RuntimeOptionsResponse:
        return language_pb2.RuntimeOptionsResponse()

    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: Context
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Installs nothing: the environment is made by `make setup`, from exact pins."""
        return iter(())

    def Cancel(self, request: empty_pb2.Empty, context: Context) -> empty_pb2.Empty:
        self._children.stop_all()
        return empty_pb2.Empty()

    def Run(self, request: language_pb2.RunRequest, context: Context) -> language_pb2.RunResponse:
        folder = request.info.program_directory or request.pwd
        child = self._children.start(
            _interpreter(request.info, context),
            self._program_arguments(request, folder),
            folder=request.pwd or folder,
            environment={
                **os.environ,
                "PULUMI_CONFIG": json.dumps(dict(request.config)),
                "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
            },
        )
        # Without this a preview that a policy blocks would wait five seconds for a program nobody listens to.
        context.add_callback(lambda: self._children.stop(child))
        code = self._children.wait(child)
        if code == 0:
            return language_pb2.RunResponse()
        if code == REPORTED:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(error=f"The Python program ended with exit code {code}.")

    def _program_arguments(self, request: language_pb2.RunRequest, folder: str) -> list[str]:
        entry = os.path.normpath(os.path.join(folder, request.info.entry_point or "."))  # noqa: PTH118 - "." must go
        switches = ["--dry-run"] if request.dryRun else []
        return [
            "program",
            *("--parent", str(os.getpid())),
            *("--project", request.project),
            *("--stack", request.stack),
            *("--parallel", str(request.parallel)),
            *("--monitor", request.monitor_address),
            *("--engine", self._engine),
            *("--organization", request.organization),
            *("--root-directory", request.info.root_directory),
            *switches,
            "--",
            entry,
            *request.args,
        ]

    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: Context
    ) -> Iterator[language_pb2.RunPluginResponse]:
        if request.kind != _POLICY_PACK:
            context.abort(
                grpc.StatusCode.UNIMPLEMENTED,
                f"This Python language host runs programs and policy packs, not plugins of the kind {request.kind!r}."
                " Install Pulumi by its own instructions to use a plugin that is written as a Python project.",
            )
        pack = request.info.program_directory
        child = self._children.start(
            _interpreter(request.info, context),
            ["module", "--parent", str(os.getpid()), "pulumi.policy", *request.args[:1], pack],
            folder=request.pwd or pack,
            environment=dict(each.split("=", 1) for each in request.env) or os.environ,
            piped=True,
        )
        context.add_callback(lambda: self._children.stop(child))
        for stream, chunk in output_of(child):
            if stream == "stdout":
                yield language_pb2.RunPluginResponse(stdout=chunk)
            else:
                yield language_pb2.RunPluginResponse(stderr=chunk)
        yield language_pb2.RunPluginResponse(exitcode=self._children.wait(child))

    def stop_children(self) -> None:
        self._children.stop_all()


def _interpreter(info: language_pb2.ProgramInfo, context: Context) -> str:
    try:
        return interpreter(info)
    except NoInterpreterError as error:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        raise


def _stop_signals() -> socket.socket:
    """Readable once the engine, or Ctrl-C, interrupts us: both end a run in good order, and neither is a traceback.

    An event that a signal handler sets would not do: the kernel may give the signal to one of gRPC's threads, and then
    the main thread sleeps on while the engine waits five seconds before it kills us. The wake-up socket is written to
    in whichever thread the signal arrives.
    """
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    signal.set_wakeup_fd(writing.detach())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    return reading


def serve(engine: str) -> None:
    """Prints the port on the first line, as the engine expects it, and serves until it is told to stop."""
    told_to_stop = _stop_signals()
    size: list[tuple[str, Any]] = [
        ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
        ("grpc.max_send_message_length", _LARGEST_MESSAGE),
    ]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=_THREADS), options=size)
    host = LanguageHost(engine)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    told_to_stop.recv(1)
    host.stop_children()
    server.stop(grace=0)
