"""No process outlives the one that asked for it, and nobody who presses Ctrl-C reads a traceback."""

import os
import signal
import subprocess
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from tests.engine.support import Project, is_gone, make_project, wait_for_file

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("without_forks")]

# Tells its own process id and that of its parent, then never ends by itself.
HANGING = """
import os, threading
with open({pipe!r}, "w") as pipe:
    pipe.write(f"{{os.getpid()}} {{os.getppid()}}")
threading.Event().wait()
"""
HANGING_PROVIDER = """
import provider
provider.Slow("slow")
"""
PROVIDER = """
import os, threading
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class SlowProvider(ResourceProvider):
    def create(self, props):
        with open({pipe!r}, "w") as pipe:
            pipe.write(f"{{os.getpid()}} {{os.getppid()}}")
        threading.Event().wait()
        return CreateResult("never", {{}})


class Slow(Resource, module="tiny", name="Slow"):
    def __init__(self, name):
        super().__init__(SlowProvider(), name, {{}})
"""


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pids"
    os.mkfifo(path)
    return path


@pytest.fixture
def hanging(tmp_path: Path, engine_on_path: Path, pipe: Path) -> Project:
    return make_project(tmp_path / "project", HANGING.format(pipe=str(pipe)))


def test_what_was_started_for_a_request_ends_when_the_request_is_cancelled(
    hanging: Project, engine: Path, pipe: Path
) -> None:
    launcher = engine / "pulumi-language-python"
    with subprocess.Popen([launcher, "127.0.0.1:1"], stdout=subprocess.PIPE, text=True) as host:
        try:
            assert host.stdout is not None
            with grpc.insecure_channel(f"127.0.0.1:{host.stdout.readline().strip()}") as channel:
                pack = str(hanging.folder)
                request = language_pb2.RunPluginRequest(
                    kind="analyzer",
                    pwd=pack,
                    args=["127.0.0.1:1"],
                    info=language_pb2.ProgramInfo(root_directory=pack, program_directory=pack, entry_point="."),
                )
                call = language_pb2_grpc.LanguageRuntimeStub(channel).RunPlugin(request)
                child, parent = (int(pid) for pid in wait_for_file(pipe).split())
                assert parent == host.pid
                call.cancel()
                assert is_gone(child), "the pack runs on although nobody waits for its answer"
                assert host.poll() is None, "the host must go on serving"
        finally:
            host.terminate()


def test_a_kill_of_the_engine_ends_the_host_and_the_program(hanging: Project, pipe: Path) -> None:
    with hanging.start("preview", "--stack", "dev") as pulumi:
        program, host = (int(pid) for pid in wait_for_file(pipe).split())
        pulumi.kill()
    assert is_gone(host), "the language host outlives its engine"
    assert is_gone(program), "the program outlives its engine and may still change the world"


def test_a_kill_of_the_engine_ends_a_dynamic_provider_in_the_middle_of_a_create(
    tmp_path: Path, engine_on_path: Path, pipe: Path
) -> None:
    project = make_project(tmp_path / "project", HANGING_PROVIDER)
    project.write("provider.py", PROVIDER.format(pipe=str(pipe)))
    with project.start("up", "--yes", "--skip-preview", "--stack", "dev") as pulumi:
        provider, _ = (int(pid) for pid in wait_for_file(pipe).split())
        pulumi.kill()
    assert is_gone(provider), "the provider finishes a create that no state will ever hold"


def test_an_interrupt_ends_the_run_and_shows_no_traceback(hanging: Project, pipe: Path) -> None:
    pulumi = hanging.start("preview", "--stack", "dev")
    program, host = (int(pid) for pid in wait_for_file(pipe).split())
    # A terminal sends Ctrl-C to the whole group.
    os.killpg(pulumi.pid, signal.SIGINT)
    output, _ = pulumi.communicate(timeout=60)
    assert pulumi.returncode != 0
    assert "Traceback" not in output
    assert "KeyboardInterrupt" not in output
    assert is_gone(program)
    assert is_gone(host)


def test_an_interrupt_ends_the_host_at_once_whichever_thread_receives_it(engine: Path) -> None:
    """gRPC's threads take some of the signals; a host that overlooks one holds every engine up for five seconds."""
    for _ in range(6):
        with subprocess.Popen(
            [engine / "pulumi-language-python", "127.0.0.1:1"], stdout=subprocess.PIPE, text=True
        ) as host:
            assert host.stdout is not None
            with grpc.insecure_channel(f"127.0.0.1:{host.stdout.readline().strip()}") as channel:
                stub = language_pb2_grpc.LanguageRuntimeStub(channel)
                assert stub.GetPluginInfo(empty_pb2.Empty()).version
                stub.Cancel(empty_pb2.Empty())
                host.send_signal(signal.SIGINT)
                ended = is_gone(host.pid, seconds=4)
            host.kill()
            assert ended, "the host slept through the interrupt"


def test_an_ordinary_run_leaves_no_process_and_no_traceback(tmp_path: Path, engine_on_path: Path, pipe: Path) -> None:
    program = f"import os\nos.write(os.open({str(pipe)!r}, os.O_RDWR), b'%d %d' % (os.getpid(), os.getppid()))\n"
    project = make_project(tmp_path / "project", program)
    reader = os.open(pipe, os.O_RDWR)
    output = project.succeed("preview", "--stack", "dev")
    pids = os.read(reader, 100).split()
    os.close(reader)
    assert "Traceback" not in output
    assert all(is_gone(int(pid)) for pid in pids)
