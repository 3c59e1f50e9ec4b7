"""`make setup`: the virtual environment, the `airlock` command and the engine. Safe to repeat; nothing is done twice.

Runs in the Python that tools/find_python.sh chose, before anything is installed: standard library only.
"""

import argparse
import hashlib
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.engine import EngineError, engine_bin

ROOT = Path(__file__).resolve().parent.parent
INPUTS = ("requirements.txt", "requirements-dev.txt", "pyproject.toml", "tools/setup.py")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


class SetupError(Exception):
    """Something is missing that this program cannot get by itself; the message says how to."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment with the pinned packages, made with the Python that runs this program."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """Written last, so an interrupted installation is done again."""
        return self.folder / ".airlock-setup"

    @property
    def named(self) -> Path:
        """The Python that somebody named. The Makefile takes it again: another one would begin from nothing."""
        return self.folder / ".airlock-python"

    def is_current(self) -> bool:
        return self.stamp.is_file() and self.stamp.read_text() == fingerprint() and self.python.exists()

    def make(self) -> None:
        if self._is_of_this_python():
            return
        say(f"Making the virtual environment {self.folder} with Python {platform.python_version()} ...")
        command = [_executable(), "-m", "venv", "--clear", str(self.folder)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise SetupError(
                f"{command[0]} cannot make a virtual environment, so nothing can be installed. On Debian and Ubuntu"
                " the package python3-venv is missing then: apt-get install python3-venv. It said:"
                f" {_end(done.stdout + done.stderr)}"
            )

    def _is_of_this_python(self) -> bool:
        """A moved checkout and a Python that was removed or updated each leave an environment that is of no use."""
        if not self.python.exists():
            return False
        ask = "import pip, platform; print(platform.python_version())"
        done = subprocess.run([self.python, "-c", ask], capture_output=True, text=True)
        return done.returncode == 0 and done.stdout.strip() == platform.python_version()

    def install(self) -> None:
        say("Installing the pinned packages: about a minute the first time ...")
        self._pip("--requirement", "requirements-dev.txt")
        # setuptools is one of the pins, so this needs no network. It makes `bin/airlock`.
        self._pip("--no-deps", "--no-build-isolation", "--editable", ".")
        self.stamp.write_text(fingerprint())

    def _pip(self, *arguments: str) -> None:
        command = [str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise SetupError(
                f"pip could not install {' '.join(arguments)}, so nothing can run. The first set-up needs the network"
                " and a package index (pip's own settings and HTTPS_PROXY are respected). When it is there, run `make"
                f" setup` again. pip said:\n{_end(done.stdout)}"
            )


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.setup", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--environment", type=Path, default=ROOT / ".venv", help="the folder of the environment")
    parser.add_argument("--named", action="store_true", help="somebody named this Python: keep to it")
    options = parser.parse_args(arguments)
    environment = Environment(options.environment.absolute())
    try:
        if not environment.is_current():
            environment.make()
            environment.install()
        if options.named:
            environment.named.write_text(f"{_executable()}\n")
        engine_bin(say)
    except (SetupError, EngineError) as error:
        say(f"{error}")
        return 1
    except KeyboardInterrupt:
        say("\nThe set-up was interrupted. `make setup` goes on where it stopped.")
        return 130
    if not any(shutil.which(name) for name in CHROMIUM_NAMES):
        say("There is no Chromium: the tests that vote in a browser will fail. On Debian: apt-get install chromium")
    return 0


def fingerprint() -> str:
    """What an environment was made from. It holds the checkout's place, because the scripts in it do, too."""
    digest = hashlib.sha256(f"{ROOT}\n{platform.python_version()}".encode())
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _executable() -> str:
    """The Python underneath: an environment cannot be made anew by one that lies in it."""
    return str(Path(sys.executable).resolve())


def _end(text: str, lines: int = 8) -> str:
    return "\n".join(text.strip().splitlines()[-lines:])


if __name__ == "__main__":
    sys.exit(main())
