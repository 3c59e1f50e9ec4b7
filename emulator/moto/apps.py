"""moto's web application of each service, made when it is first called."""

from collections.abc import Callable
from functools import cache
from typing import Any

from emulator.moto import install
from emulator.protocol import answers
from emulator.protocol.requests import Signature


class MotoApps:
    """Finds the application that answers a signed request. Called under the front door's lock."""

    def __init__(self) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        self._create: Callable[[Any], Any] = create_backend_app
        self._dispatcher = DomainDispatcherApplication(create_backend_app)
        self._apps: dict[str, Any] = {}

    def app_for(self, signature: Signature, environ: dict[str, Any]) -> Any:
        host = self._dispatcher.infer_service_region_host(environ, str(environ.get("PATH_INFO", "")))
        backend = _backend_of(str(host))
        if backend is None:
            raise answers.not_modelled(f"Service {signature.service!r}")
        if backend not in self._apps:
            with install.drawing_nothing():
                self._apps[backend] = self._create(backend)
        return self._apps[backend]


@cache
def _backend_of(host: str) -> str | None:
    from moto import backend_index, backends

    if host in backends.list_of_moto_modules():
        return host
    url = f"http://{host}"
    return next((name for name, pattern in backend_index.backend_url_patterns if pattern.match(url)), None)
