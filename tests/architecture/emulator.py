"""The packages of the emulator and what each may import: rows of the table of rooms."""

_PROTOCOL, _WORLD, _AUTHORIZATION = "emulator.protocol", "emulator.world", "emulator.authorization"
_MOTO, _EVENTS, _STATE, _CONTROL = "emulator.moto", "emulator.events", "emulator.state", "emulator.control"
_FACTS = {_PROTOCOL, _WORLD, _AUTHORIZATION}
_SERVICES = "emulator.moto-services"
_BACKUP = f"{_SERVICES}.backup"


def _backup(*groups: str) -> set[str]:
    """What a group of AWS Backup may import: what any service may, these groups, and what is below all groups."""
    ours = {f"{_BACKUP}.{name}" for name in (*groups, "records", "models", "exceptions")}
    return {*_FACTS, _MOTO, _EVENTS, *ours}


# The packages of the emulator, from the ground up; the docstring of each says the same.
PACKAGES: dict[str, set[str]] = {
    _PROTOCOL: set(),
    _WORLD: {_PROTOCOL},
    _AUTHORIZATION: {_PROTOCOL, _WORLD},
    _MOTO: _FACTS,
    _EVENTS: {*_FACTS, _MOTO},
    _STATE: {*_FACTS, _MOTO},
    _CONTROL: {*_FACTS, _EVENTS, _STATE},
    "emulator.http": {*_FACTS, _MOTO, _EVENTS, _STATE, _CONTROL},
    "emulator.portal": {_WORLD},
    "emulator": {*_FACTS, _MOTO, _EVENTS, _STATE, _CONTROL, "emulator.http", "emulator.portal"},
    # A service imports no other one: they find each other by name when they are called, as moto loads them.
    f"{_SERVICES}.mpa": {*_FACTS, _MOTO, _EVENTS},
    f"{_SERVICES}.ram": {*_FACTS, _MOTO, _EVENTS},
    f"{_SERVICES}.organizations_more": {*_FACTS, _MOTO, _EVENTS},
    f"{_BACKUP}.exceptions": set(),
    f"{_BACKUP}.records": {_WORLD},
    f"{_BACKUP}.models": {_WORLD, f"{_BACKUP}.records", f"{_BACKUP}.exceptions"},
    f"{_BACKUP}.common": _backup(),
    f"{_BACKUP}.protection": _backup("common"),
    f"{_BACKUP}.content": _backup("common"),
    f"{_BACKUP}.recovery_points": _backup("common", "protection", "content"),
    f"{_BACKUP}.vaults": _backup("common", "protection", "recovery_points"),
    f"{_BACKUP}.jobs": _backup("common", "protection", "content", "recovery_points"),
    f"{_BACKUP}.plans": _backup("common", "protection", "content", "recovery_points", "jobs"),
    f"{_BACKUP}.restore_testing": _backup("common", "content", "recovery_points", "vaults", "jobs", "plans"),
    f"{_BACKUP}.audit": _backup("common"),
    f"{_BACKUP}.operations": _backup(
        "common", "protection", "recovery_points", "vaults", "jobs", "plans", "restore_testing", "audit"
    ),
    _BACKUP: _backup("common", "vaults", "jobs", "plans", "operations"),
}

# The process itself need not say it, single files cannot.
DESCRIBED = PACKAGES.keys() - {"emulator", f"{_BACKUP}.models", f"{_BACKUP}.exceptions"}


def named(package: str) -> set[str]:
    """What a package may import, as its docstring says it: of a group of AWS Backup, the other groups."""
    return {
        other.rpartition(".")[2]
        for other in PACKAGES[package]
        if other.startswith(_BACKUP) or not package.startswith(f"{_BACKUP}.")
    }
