"""What every test may count on: our own engine first on PATH, and nothing of the user's Pulumi or AWS settings."""

import asyncio
import gc
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hypothesis
import pytest
from xdist.remote import Producer

from tests.ordering import ByFileAndPattern, longest_first
from tools.engine import EngineError, engine_bin
from tools.engine.forks import SERVER, fork_server

ROOT = Path(__file__).resolve().parent.parent
_OF_THE_USER = ("PULUMI_", "AWS_", "AIRLOCK_")

# A clean checkout has no table of characters yet: the first example pays for making it, and a loaded machine is slow.
# Neither says anything about the code, so examples are counted and not timed.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("untimed")

# Service models and clients stay. To look among them for garbage every 700 new objects is part of each call.
gc.set_threshold(50_000, 20, 100)

# A shell that starts the tests in the background has them ignore Ctrl-C, and every process they start inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)


# Last, because pytest itself moves tests together that share a parameter of the session.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFileAndPattern:
    """Units of tests go out in the order of `longest_first`."""
    config.option.loadscopereorder = False
    return ByFileAndPattern(config, log)


@pytest.fixture(scope="session", autouse=True)
def _environment_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings of the machine are taken out for the whole session, then put back."""
    before = dict(os.environ)
    home = tmp_path_factory.mktemp("pulumi-home")
    for name in list(os.environ):
        if name.startswith(_OF_THE_USER):
            del os.environ[name]
    os.environ.update(
        {
            "PULUMI_HOME": str(home),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
            "PULUMI_PYTHON_CMD": sys.executable,
            # Files that are not there: botocore must not find the user's profiles, nor ask the machine for credentials.
            "AWS_CONFIG_FILE": str(home / "no-aws-config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(home / "no-aws-credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            # Output that is compared must not depend on the terminal in which the tests were started.
            "NO_COLOR": "1",
            "COLUMNS": "200",
        }
    )
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session", autouse=True)
def _event_loop() -> Iterator[None]:
    """Pulumi's mocks take the loop of their thread. Python 3.12 and later make none unless somebody asks for it."""
    loops: list[asyncio.AbstractEventLoop] = []

    def give_thread_a_loop() -> None:
        loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(loops[-1])

    give_thread_a_loop()
    # Registrations are answered in threads, where the SDK would make loops that nobody closes.
    threads = ThreadPoolExecutor(initializer=give_thread_a_loop)
    loops[0].set_default_executor(threads)
    yield
    threads.shutdown()
    asyncio.set_event_loop(None)
    for loop in loops:
        loop.close()


@pytest.fixture(scope="session")
def engine(forks: Path) -> Path:
    """The folder of `pulumi`. A machine without it fails these tests; they are never skipped."""
    try:
        return engine_bin()
    except EngineError as error:
        pytest.fail(f"{error} (`make setup` does it.)")


@pytest.fixture(scope="session")
def forks() -> Iterator[Path]:
    """A fork server for the Python processes of all engine operations of this session."""
    with fork_server() as socket:
        yield socket


@pytest.fixture
def without_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python processes start as they do for users: each from nothing."""
    monkeypatch.delenv(SERVER, raising=False)


@pytest.fixture
def engine_on_path(engine: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The engine and the project's own commands first on PATH, as after `. .venv/bin/activate`."""
    path = os.pathsep.join([str(engine), str(Path(sys.executable).parent), os.environ["PATH"]])
    monkeypatch.setenv("PATH", path)
    assert shutil.which("pulumi") is not None, "the folder of the engine holds no `pulumi`"
    return engine


@pytest.fixture(scope="session")
def project_root() -> Path:
    return ROOT
