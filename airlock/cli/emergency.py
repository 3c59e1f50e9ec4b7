"""`airlock request`, `status`, `restore` and `teardown`: the worst day. Nothing here needs Pulumi or the topology."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from airlock.cli.terminal import result, say

if TYPE_CHECKING:
    from airlock.domain.inventory import Inventory
    from airlock.runbook.calls import Calls
    from airlock.runbook.journal import Journal

InventoryFile = Annotated[
    Path | None, typer.Option("--inventory", help="inventory.json of the kit: the one here, or build/kit's otherwise.")
]
JournalFile = Annotated[
    Path | None, typer.Option("--journal", help="The journal; journal.jsonl beside the inventory otherwise.")
]
AccessVault = Annotated[str, typer.Option("--access-vault", help="The name that `airlock request` gave.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
# In the folder of a kit, then beside the program that wrote one.
_USUAL_PLACES = (Path("inventory.json"), Path("build/kit/inventory.json"))


def _open(inventory: Path | None, journal: Path | None) -> "tuple[Inventory, Calls, Journal]":
    from airlock.runbook.calls import LandingCalls
    from airlock.runbook.inventory_file import read_inventory
    from airlock.runbook.journal import FILE_NAME, Journal

    path = inventory or next((place for place in _USUAL_PLACES if place.exists()), _USUAL_PLACES[-1])
    contents = read_inventory(path)
    return contents, LandingCalls(contents), Journal(journal or path.parent / FILE_NAME)


def request(
    vault: Annotated[str, typer.Option("--vault", help="The vault to open, as the kit names it.")],
    incident: Annotated[str, typer.Option("--incident", help="The number of the incident; approvers see it.")],
    comment: Annotated[str, typer.Option("--comment", help="Why; approvers see it.")],
    inventory: InventoryFile = None,
    journal: JournalFile = None,
    as_json: AsJson = False,
) -> None:
    """Ask the approval team for access to a vault. Exit code 3: people have to vote."""
    from airlock.domain.errors import WaitingForPeople
    from airlock.runbook.request import request as ask

    known, calls, log = _open(inventory, journal)
    say(f"asks in account {known.landing.account_id} for access to {vault}")
    access_request = ask(known, vault, incident, comment, calls=calls, journal=log)
    result(access_request.to_dict(), access_request.sentence, as_json=as_json)
    raise typer.Exit(WaitingForPeople.exit_code)


def status(
    inventory: InventoryFile = None,
    access_vault: Annotated[
        str | None, typer.Option("--access-vault", help="One access vault; all of them otherwise.")
    ] = None,
    journal: JournalFile = None,
    as_json: AsJson = False,
) -> None:
    """Say where a request stands. Exit code 0: open, 3: waiting, 1: there is no access."""
    from airlock.domain.errors import WaitingForPeople
    from airlock.runbook.status import all_status
    from airlock.runbook.status import status as look

    known, calls, log = _open(inventory, journal)
    if access_vault is not None:
        access = look(known, access_vault, calls=calls, journal=log)
        result(access.to_dict(), access.sentence, as_json=as_json)
        raise typer.Exit(access.exit_code)
    every = all_status(known, calls=calls, journal=log)
    words = "\n".join(f"{access.outcome:9} {access.sentence}" for access in every) or "No access was asked for."
    result({"access_vaults": [access.to_dict() for access in every]}, words, as_json=as_json)
    if any(access.outcome == "WAITING" for access in every):
        raise typer.Exit(WaitingForPeople.exit_code)


def restore(
    access_vault: AccessVault,
    before: Annotated[str, typer.Option("--before", help="A time from before the attack, e.g. 2026-01-31T03:00:00Z.")],
    inventory: InventoryFile = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="The ARN of a source resource; may repeat.")] = None,
    availability_zone: Annotated[
        str, typer.Option("--availability-zone", help="Where volumes come back; the first zone otherwise.")
    ] = "",
    kms_key: Annotated[str, typer.Option("--kms-key", help="The ARN of another key than the kit's.")] = "",
    journal: JournalFile = None,
    as_json: AsJson = False,
) -> None:
    """Restore the newest point of each resource from before a time. Safe to repeat."""
    from airlock.runbook.restore import RestoreOptions, parse_before
    from airlock.runbook.restore import restore as start_restore

    options = RestoreOptions(
        before=parse_before(before),
        only=tuple(only or ()),
        availability_zone=availability_zone,
        kms_key_arn=kms_key,
    )
    known, calls, log = _open(inventory, journal)
    say(f"restores into account {known.landing.account_id} from {access_vault}")
    recovery = start_restore(known, access_vault, options, calls=calls, journal=log, say=say)
    result(recovery.to_dict(), recovery.sentence, as_json=as_json)
    if recovery.exit_code:
        from airlock.cli.terminal import complain

        complain(recovery.sentence)
        raise typer.Exit(recovery.exit_code)


def teardown(
    access_vault: AccessVault, inventory: InventoryFile = None, journal: JournalFile = None, as_json: AsJson = False
) -> None:
    """Close an access from the landing side. What was restored stays."""
    from airlock.runbook.teardown import teardown as close

    known, calls, log = _open(inventory, journal)
    say(f"closes {access_vault} in account {known.landing.account_id}")
    closed = close(known, access_vault, calls=calls, journal=log)
    result(closed.to_dict(), closed.sentence, as_json=as_json)
