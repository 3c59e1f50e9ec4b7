"""The installed plugin as a process: found where the engine looks, quick to start, quiet at the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib import metadata
from importlib.util import cache_from_source
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2_grpc

from tests.engine.support import is_gone
from tools.aws_plugin import server
from tools.aws_plugin.install import install, main
from tools.aws_plugin.values import UNKNOWN


def start(launcher: Path, folder: Path) -> subprocess.Popen[str]:
    """As the engine does: in the program's folder, its own address last."""
    return subprocess.Popen(
        [str(launcher), "127.0.0.1:1"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_it_stands_where_the_engine_looks_for_exactly_this_version(tmp_path: Path) -> None:
    launcher = install(tmp_path)
    assert launcher == tmp_path / "plugins" / f"resource-aws-v{metadata.version('pulumi-aws')}" / "pulumi-resource-aws"
    assert os.access(launcher, os.X_OK)
    assert install(tmp_path) == launcher, "installing again is harmless"
    assert [path.name for path in launcher.parent.iterdir()] == [launcher.name]


def test_it_is_compiled_when_it_is_installed_and_not_at_each_start(tmp_path: Path) -> None:
    compiled = Path(cache_from_source(server.__file__))
    compiled.unlink(missing_ok=True)
    install(tmp_path)
    assert compiled.is_file(), "where Python keeps no bytecode, each operation compiles the whole plugin"


def test_the_text_for_an_unknown_value_is_the_one_of_the_sdk() -> None:
    assert UNKNOWN == rpc.UNKNOWN


def test_its_process_does_not_load_the_sdk_around_the_stubs() -> None:
    program = "import sys, tools.aws_plugin.__main__; sys.exit('pulumi.resource' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert done.returncode == 0, "the engine starts it three times for each command"


def test_the_command_says_where_it_went_and_how_it_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip().endswith("pulumi-resource-aws")
    assert main([]) == 2
    assert "PULUMI_HOME" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_port_serves_and_ends_without_a_word(tmp_path: Path, number: signal.Signals) -> None:
    # A program's own module of the same name must not be taken for the plugin.
    (tmp_path / "tools.py").write_text("raise SystemExit('the wrong module')")
    process = start(install(tmp_path), tmp_path)
    assert process.stdout is not None
    port = int(process.stdout.readline())
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        found = provider_pb2_grpc.ResourceProviderStub(channel).GetPluginInfo(empty_pb2.Empty(), timeout=30)
    assert found.version == metadata.version("pulumi-aws"), "an older one makes the engine warn on every run"
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")


def test_nothing_heavy_is_loaded_before_the_port_is_printed() -> None:
    code = (
        "import sys, tools.aws_plugin.server;"
        "sys.exit(','.join({'boto3', 'moto', 'pulumi_aws'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"loaded at start: {done.stderr}"


def test_it_ends_when_its_engine_is_killed_and_asks_nothing(tmp_path: Path) -> None:
    engine = subprocess.Popen(
        ["sh", "-c", '"$0" 127.0.0.1:1 & echo $!; read nothing', str(install(tmp_path))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert engine.stdout is not None
    assert engine.stdin is not None
    plugin, _port = int(engine.stdout.readline()), int(engine.stdout.readline())
    engine.kill()
    engine.wait()
    assert is_gone(plugin), "each killed deployment leaves a process behind"
    engine.stdin.close()
    engine.stdout.close()
