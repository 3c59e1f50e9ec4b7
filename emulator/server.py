"""The process: one HTTP server on the loopback, a thread per connection, ended by SIGTERM or Ctrl-C."""

import gc
import importlib
import ipaddress
import json
import logging
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emulator.control import aws_config, faults, interface
from emulator.http import answer_check
from emulator.http.front_door import FrontDoor, Page
from emulator.moto import install
from emulator.state import life
from emulator.state.folder import FolderError
from emulator.state.keeper import Keeper
from emulator.world import ids, pace

DEFAULT_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Options:
    """How the emulator is started; port 0 takes a free one."""

    port: int = 0
    seed: Path | None = None
    pace: str = pace.FAST
    aws_config: Path | None = None
    check_answers: bool = False
    id_seed: int | None = None
    state: Path | None = None
    host: str = DEFAULT_HOST


class StartError(Exception):
    """Why the emulator does not start."""


def run(options: Options) -> None:
    """Serve until SIGTERM or SIGINT."""
    # The whole process lives in UTC, wherever its clock stands: parts of moto write times without a zone.
    os.environ["TZ"] = "UTC"
    time.tzset()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="emulator: %(levelname)s %(message)s")
    # moto warns its own developers of what a client asks for.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"moto\.")
    address = _loopback(options.host)
    pace.choose(options.pace)
    answer_check.switch(options.check_answers)
    install.install()
    install.repeat_noise()
    if options.id_seed is not None:
        ids.choose_seed(options.id_seed)
    door = FrontDoor(_pages())
    life.reset(keep_seeds=False)
    keeper = None if options.state is None else _bring_back(options.state, door)
    _sow(options.seed)
    server = _server(address, options.port, door)
    if keeper is not None:
        keeper.keep_going()
        door.keeper = keeper
    url = f"http://[{address}]:{server.server_port}" if ":" in address else f"http://{address}:{server.server_port}"
    if options.aws_config is not None:
        _keep_aws_config(options.aws_config, url)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _stop(server))
    _collect_seldom()
    sys.stdout.write(f"emulator ready on {url}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    finally:
        faults.reset()
        server.server_close()
        if keeper is not None:
            door.end()


def _keep_aws_config(path: Path, url: str) -> None:
    """Write the file now and again whenever accounts are seeded."""
    aws_config.write(path, url)
    life.after_sowing(lambda: aws_config.write(path, url))


def _collect_seldom() -> None:
    """Looking for garbage among service models and an estate, all of which stay, was a good part of every call."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _stop(server: Any) -> None:
    # shutdown() waits for the loop that this very thread runs, so another thread has to ask for it.
    threading.Thread(target=server.shutdown, daemon=True).start()


def _bring_back(folder: Path, door: FrontDoor) -> Keeper:
    try:
        keeper = Keeper(folder)
        keeper.begin(door)
    except FolderError as error:
        raise StartError(str(error)) from error
    return keeper


def _sow(path: Path | None) -> None:
    if path is None:
        return
    try:
        life.sow_once(json.loads(path.read_text()))
    except (OSError, ValueError) as error:
        raise StartError(f"The seed {path} cannot be used: {error}") from error


def _loopback(host: str) -> str:
    """The address to listen on. StartError for one that other machines could reach."""
    try:
        address = ipaddress.ip_address(DEFAULT_HOST if host == "localhost" else host.strip("[]"))
    except ValueError as error:
        raise StartError(f"The host {host!r} is no address. Name 127.0.0.1, ::1 or localhost.") from error
    if not address.is_loopback:
        raise StartError(
            f"The emulator does not listen on {host}: whoever reaches it is the root user of every account, so only "
            "this machine may. Name 127.0.0.1, another address of 127.0.0.0/8, ::1 or localhost."
        )
    return str(address)


def _server(address: str, port: int, door: FrontDoor) -> Any:
    from werkzeug.serving import make_server

    from emulator.http.connections import Connection

    try:
        server = make_server(address, port, door, threaded=True, request_handler=Connection)
    except (OSError, SystemExit) as error:
        # werkzeug answers a port in use with a message of its own and an exit.
        raise StartError(
            f"Port {port} of {address} cannot be used. Choose another one, or 0 for a free one."
        ) from error
    return server


def _pages() -> dict[str, Page]:
    return {"_emulator": interface.page, "portal": _portal}


def _portal(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The approval portal, loaded by its first visitor: most runs have none, and templates take time to load."""
    app: Page = importlib.import_module("emulator.portal").app
    return app(environ, start_response)
