"""The program in the kit: Airlock's own sources in one file that Python runs, and the names of the packages they need.

On the worst day the checkout, or the place that it came from, may be lost with the organization.
"""

import io
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

# What request, status, restore and teardown consist of. The other rooms deploy, and need Pulumi.
ROOMS = ("cli", "clients", "domain", "runbook")
PACKAGES = ("boto3", "typer")
_KINDS = (".py", ".j2")


def requirements() -> str:
    """The versions that wrote the kit are the ones that will read it."""
    pins = "".join(f"{package}=={version(package)}\n" for package in PACKAGES)
    return f"# What airlock.pyz needs, for `pip install -r requirements.txt`.\n{pins}"


def program() -> bytes:
    """A zip archive that Python runs as it is. The same sources make the same bytes."""
    package = files("airlock")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        _add(zipped, "__main__.py", package / "cli" / "__main__.py")
        _add(zipped, "airlock/__init__.py", package / "__init__.py")
        for room in ROOMS:
            for name, source in _sources(f"airlock/{room}", package / room):
                _add(zipped, name, source)
    return archive.getvalue()


def _add(zipped: zipfile.ZipFile, name: str, source: Traversable) -> None:
    # Without a time of its own: ZipInfo's is fixed.
    zipped.writestr(zipfile.ZipInfo(name), source.read_bytes(), zipfile.ZIP_DEFLATED)


def _sources(name: str, folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _sources(f"{name}/{entry.name}", entry)
        elif entry.name.endswith(_KINDS):
            yield f"{name}/{entry.name}", entry
