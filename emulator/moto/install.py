"""Every touch of moto's internals.

moto has no plugin system. Our services live in `moto-services/` and are put in front on `moto.__path__`, so that moto
loads them as `moto.mpa`, `moto.backup` and `moto.ram` (instead of its own packages of these names). Where moto's own
service stays and needs more, an extension runs right after moto's module was first imported: modules such as `moto.ec2`
take more than a second to load, so nothing is imported before it is called for.
"""

import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from emulator.world import ids

_real_noise = os.urandom
SERVICES = Path(__file__).parents[1] / "moto-services"

# Read by moto when it is imported. No default images: they cost a second in each account's first EC2 call. No reading
# of other accounts' buckets, and no answer to pages of another origin.
_SETTINGS = {
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    "MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS": "false",
    "MOTO_DISABLE_GLOBAL_CORS": "true",
}

# What is done to a module of moto: `module: our module with extend(module)`.
_EXTENSIONS = {
    "moto.cloudformation.parsing": "emulator.moto.cloudformation",
    "moto.cloudtrail.models": "emulator.events.cloudtrail.trails",
    "moto.cloudtrail.responses": "emulator.events.cloudtrail.trails",
    "moto.events.models": "emulator.events.eventbridge.moto_events",
    "moto.events.responses": "emulator.events.eventbridge.moto_events",
    "moto.ebs.models": "emulator.moto.ebs_direct",
    "moto.ec2.models": "emulator.moto.ebs_content",
    "moto.ec2.responses.settings": "emulator.moto.ebs_content",
    "moto.iam.models": "emulator.moto.iam",
    "moto.iam.responses": "emulator.moto.iam_boundaries",
    "moto.core.base_backend": "emulator.moto.speed",
    "moto.core.responses": "emulator.moto.speed",
    "moto.core.routing": "emulator.moto.routing",
    "moto.kms.models": "emulator.moto.cloudformation",
    "moto.kms.utils": "emulator.moto.speed",
    "moto.organizations.models": "emulator.moto.organizations",
    "moto.organizations.urls": "emulator.moto.organizations",
    "moto.s3.models": "emulator.moto.bucket_losses",
    "moto.s3.responses": "emulator.moto.bucket_policies",
    "moto.sns.models": "emulator.events.topics",
    "moto.sns.responses": "emulator.events.topics",
    "moto.sqs.models": "emulator.moto.sqs",
    "moto.sts.urls": "emulator.moto.sts",
    "moto.ssoadmin.models": "emulator.moto.identity_center",
    "moto.ssoadmin.urls": "emulator.moto.identity_center",
    "moto.identitystore.models": "emulator.moto.identity_center",
    "moto.identitystore.urls": "emulator.moto.identity_center",
}

# Modules of moto in whose place a file of this folder is loaded.
_REPLACED = {"moto.core.models": "core_models.py"}
# What moto imports with its IAM, and uses for certificates alone: loaded when something of it is used.
_LATE = frozenset({"cryptography.x509"})
# Module of moto -> package -> what it takes of that at its import, and does not use here.
_UNUSED = {"moto.core.base_backend": {"boto3": "Session"}}


def install(*more: Path) -> None:
    """Prepare moto in this process, with the services in our folder and in those of `more`.

    To be called before anything else imports moto; safe to repeat.
    """
    os.environ.update(_SETTINGS)
    if not any(isinstance(finder, _Extender) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Extender())

    import moto
    from moto import backend_index

    for services in (SERVICES, *more):
        if str(services) in moto.__path__:
            continue
        moto.__path__.insert(0, str(services))
        ours = {folder.name: _pattern(folder.name) for folder in _folders(services) if _is_service(folder)}
        others = [(name, pattern) for name, pattern in backend_index.backend_url_patterns if name not in ours]
        backend_index.backend_url_patterns[:] = [*ours.items(), *others]
        _EXTENSIONS.update(extension for folder in _folders(services) for extension in _declared(folder))


def _folders(services: Path) -> list[Path]:
    return sorted(folder for folder in services.iterdir() if (folder / "__init__.py").is_file())


def _is_service(folder: Path) -> bool:
    """A folder named as its service answers for it; one named `..._more` belongs to a service of moto's."""
    return (folder / "urls.py").is_file() and not folder.name.endswith("_more")


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"https?://{re.escape(name)}\.(.+)\.amazonaws\.com")


def _declared(folder: Path) -> list[tuple[str, str]]:
    """What the folder's `extends.txt` names, a module of moto's on each line: its `extension.py` has extend(module)."""
    listed = folder / "extends.txt"
    modules = listed.read_text().split() if listed.is_file() else []
    return [(module, f"moto.{folder.name}.extension") for module in modules]


def repeat_noise() -> None:
    """Have this process draw its noise from the seed too: moto makes keys of KMS, ids of uploads and more from it."""
    os.urandom = ids.noise


def forget_everything() -> None:
    """Empty every backend of moto and start its random ids anew."""
    from moto.core.base_backend import BackendDict
    from moto.core.model_instances import reset_model_data
    from moto.moto_api._internal import mock_random

    BackendDict.reset()
    reset_model_data()
    organizations = sys.modules.get("moto.organizations.models")
    if organizations is not None:
        # Which account belongs to which organization is kept beside the backends.
        organizations.organizations_backends.master_accounts.clear()
    mock_random.seed(ids.seed())


@contextmanager
def drawing_nothing() -> Iterator[None]:
    """What moto does at the first use of a service draws random ids, and must not change those that calls get next.

    Nor must a service get a name for itself that another one got before the last reset: moto tells its backends apart
    by a UUID that each draws when it is imported.
    """
    numbers = getattr(sys.modules.get("moto.moto_api._internal"), "mock_random", None)
    before = None if numbers is None else numbers.getstate()
    noise, os.urandom = os.urandom, _real_noise
    try:
        yield
    finally:
        os.urandom = noise
    if numbers is not None:
        numbers.setstate(before)


@contextmanager
def _without(packages: dict[str, str]) -> Iterator[None]:
    """Have empty modules in the place of packages that take long to load, unless they are there already."""
    empty = {name: ModuleType(name) for name in packages if name not in sys.modules}
    for name, module in empty.items():
        vars(module)[packages[name]] = None
    sys.modules.update(empty)
    try:
        yield
    finally:
        for name in empty:
            del sys.modules[name]


class _Extender(MetaPathFinder):
    """Finds the modules of moto, and extends those that we extend right after they were executed; see the tables."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name in _LATE:
            return _late(PathFinder.find_spec(name, path, target))
        if not name.startswith("moto."):
            return None
        if name in _REPLACED:
            return spec_from_file_location(name, Path(__file__).with_name(_REPLACED[name]))
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, _EXTENSIONS.get(name))
        return spec


def _late(spec: ModuleSpec | None) -> ModuleSpec | None:
    if spec is not None and spec.loader is not None:
        spec.loader = LazyLoader(spec.loader)
    return spec


class _Loader(Loader):
    """Loads a module of moto as `loader` does, and then extends it."""

    def __init__(self, loader: Loader, extension: str | None) -> None:
        self._loader = loader
        self._extension = extension

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        with drawing_nothing(), _without(_UNUSED.get(module.__name__, {})):
            self._loader.exec_module(module)
        if self._extension is not None:
            extend: Callable[[Any], None] = importlib.import_module(self._extension).extend
            extend(module)
