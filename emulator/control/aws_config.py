"""The AWS configuration file through which programs reach the emulator: one profile per account."""

import re
from pathlib import Path

from emulator.world import organizations

HOME_REGION = "eu-west-1"


def text(url: str) -> str:
    """A profile for each account, of the account's name; of its id where the name is taken or unfit."""
    lines = ["# Written by the emulator. Use it with AWS_CONFIG_FILE; the keys open nothing but the emulator."]
    for name, account_id in _profiles().items():
        lines += [
            "",
            f"[profile {name}]",
            f"aws_access_key_id = {account_id}",
            "aws_secret_access_key = emulator",
            f"endpoint_url = {url}",
            f"region = {HOME_REGION}",
        ]
    return "\n".join(lines) + "\n"


def write(path: Path, url: str) -> None:
    """Write the file so that a reader never sees half of it."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(text(url))
    draft.replace(path)


def _profiles() -> dict[str, str]:
    profiles: dict[str, str] = {}
    for organization in organizations.organizations():
        backend = organizations.organization_backend(organization.management)
        for account in [] if backend is None else backend.accounts:
            fit = re.fullmatch(r"[A-Za-z0-9_.-]+", account.name) and account.name not in profiles
            profiles[account.name if fit else account.id] = account.id
    return profiles
