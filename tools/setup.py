"""`make setup`: the virtual environment, the `airlock` command and the engine. Safe to repeat; nothing is done twice.

Runs in the machine's Python (the Makefile looks for 3.11 or later) before anything is installed: standard library only.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from tools.engine import EngineError, engine_bin

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Written last, so an interrupted installation is done again.
STAMP = VENV / ".airlock-setup"
INPUTS = ("requirements.txt", "requirements-dev.txt", "pyproject.toml", "tools/setup.py")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


class SetupError(Exception):
    """Something is missing that this program cannot get by itself; the message says how to."""


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main() -> int:
    try:
        if not is_current():
            make_environment()
            install()
            STAMP.write_text(fingerprint())
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
    """What the environment was made from. It holds the checkout's place, because the scripts in it do, too."""
    digest = hashlib.sha256(str(ROOT).encode())
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    return STAMP.is_file() and STAMP.read_text() == fingerprint() and PYTHON.exists()


def make_environment() -> None:
    if _runs(PYTHON):
        return
    say(f"Making the virtual environment {VENV} ...")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if done.returncode != 0:
        raise SetupError(
            f"{sys.executable} cannot make a virtual environment, so nothing can be installed. On Debian and Ubuntu"
            " the package python3-venv is missing then: apt-get install python3-venv. It said:"
            f" {_end(done.stdout + done.stderr)}"
        )


def _runs(python: Path) -> bool:
    """A checkout that was moved, or a Python that was removed, leaves an environment whose links lead nowhere."""
    return python.exists() and subprocess.run([python, "-c", "import pip"], capture_output=True).returncode == 0


def install() -> None:
    say("Installing the pinned packages: about a minute the first time ...")
    _pip("--requirement", "requirements-dev.txt")
    # setuptools is one of the pins, so this needs no network. It makes `.venv/bin/airlock`.
    _pip("--no-deps", "--no-build-isolation", "--editable", ".")


def _pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise SetupError(
            f"pip could not install {' '.join(arguments)}, so nothing can run. The first set-up needs the network and a"
            " package index (pip's own settings and HTTPS_PROXY are respected). When it is there, run `make setup`"
            f" again. pip said:\n{_end(done.stdout)}"
        )


def _end(text: str, lines: int = 8) -> str:
    return "\n".join(text.strip().splitlines()[-lines:])


if __name__ == "__main__":
    sys.exit(main())
