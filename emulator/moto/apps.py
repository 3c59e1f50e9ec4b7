"""moto's web application of each service, made when it is first called."""

import importlib
from functools import cache, cached_property
from typing import Any

from emulator.moto import install
from emulator.protocol import answers
from emulator.protocol.requests import Signature


class MotoApps:
    """Finds the application that answers a signed request. Called under the front door's lock."""

    def __init__(self) -> None:
        self._apps: dict[str, Any] = {}

    @cached_property
    def _server(self) -> Any:
        """moto's module for this, with Flask, loaded by the first call."""
        return importlib.import_module("moto.moto_server.werkzeug_app")

    @cached_property
    def _dispatcher(self) -> Any:
        return self._server.DomainDispatcherApplication(self._server.create_backend_app)

    def app_for(self, signature: Signature, environ: dict[str, Any]) -> Any:
        host = self._dispatcher.infer_service_region_host(environ, str(environ.get("PATH_INFO", "")))
        backend = _backend_of(str(host))
        if backend is None:
            raise answers.not_modelled(f"Service {signature.service!r}")
        if backend not in self._apps:
            with install.drawing_nothing():
                self._apps[backend] = self._server.create_backend_app(backend)
        return self._apps[backend]


@cache
def _backend_of(host: str) -> str | None:
    from moto import backend_index, backends

    if host in backends.list_of_moto_modules():
        return host
    url = f"http://{host}"
    return next((name for name, pattern in backend_index.backend_url_patterns if pattern.match(url)), None)
