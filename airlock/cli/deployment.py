"""`airlock preview`, `deploy`, `handover export` and `kit`: everything that needs Pulumi and its state."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from airlock.cli.terminal import result, say
from airlock.cli.topology import AsJson, EstateFile, ProjectDir

if TYPE_CHECKING:
    from airlock.deploy import DeployRequest
    from airlock.domain.connection import Connection

handover_app = typer.Typer(help="What crosses between the two organizations.", no_args_is_help=True)

PulumiBin = Annotated[
    Path | None, typer.Option("--pulumi-bin", help="The folder that holds `pulumi`; otherwise PATH decides.")
]


def _request(estate: Path, project: Path, pulumi_bin: Path | None) -> "DeployRequest":
    from airlock.deploy import DeployRequest

    return DeployRequest(estate_path=estate, project_dir=project, pulumi_bin=pulumi_bin, list_vaults=_list_vaults)


def _list_vaults(connection: "Connection") -> list[str]:
    from airlock.clients.backups import Backups

    return [vault.name for vault in Backups(connection).list_vaults()]


def preview(
    estate: EstateFile = Path("estate.yaml"),
    project: ProjectDir = Path(),
    pulumi_bin: PulumiBin = None,
    as_json: AsJson = False,
) -> None:
    """Show what a deployment would change, stack by stack; touch nothing."""
    import airlock.deploy as room
    from airlock.cli.drawing import Progress

    found = room.preview(_request(estate, project, pulumi_bin), Progress().event)
    words = "\n".join(f"{stack.name}: {stack.sentence}" for stack in found.stacks)
    stacks = [
        {
            "name": stack.name,
            "role": stack.role,
            "account": stack.account,
            "changes": dict(stack.changes) if stack.changes is not None else None,
            "needs": list(stack.needs),
        }
        for stack in found.stacks
    ]
    result({"stacks": stacks}, words, as_json=as_json)


def deploy(
    estate: EstateFile = Path("estate.yaml"),
    project: ProjectDir = Path(),
    pulumi_bin: PulumiBin = None,
    as_json: AsJson = False,
) -> None:
    """Deploy every stack in its order, then say what waits for people (exit code 3 while something does).

    Each stack: a preview with the policy pack, then `up`, which is skipped where it would write nothing.
    """
    import airlock.deploy as room
    from airlock.cli.drawing import Progress, deployed_words

    found = room.deploy(_request(estate, project, pulumi_bin), Progress().event)
    kit_folder = _complete_kit(found.inventory)
    data = {
        "stacks": [
            {
                "name": stack.name,
                "role": stack.role,
                "account": stack.account,
                "up": stack.up,
                "resources": stack.resources,
                "seconds": stack.seconds,
                "changes": dict(stack.changes),
            }
            for stack in found.stacks
        ],
        "waiting": [
            {"stack": item.stack, "resource": item.resource, "sentence": item.sentence} for item in found.waiting
        ],
        "handover": str(found.handover) if found.handover else None,
        "inventory": str(found.inventory) if found.inventory else None,
        "kit": str(kit_folder) if kit_folder else None,
    }
    result(data, deployed_words(found, kit_folder), as_json=as_json)
    if found.exit_code:
        raise typer.Exit(found.exit_code)


def _complete_kit(inventory: Path | None) -> Path | None:
    """Beside the inventory: card and runbook with the real names, and the program that they speak of."""
    if inventory is None:
        return None
    from airlock.runbook.inventory_file import read_inventory
    from airlock.runbook.kit import write_kit

    write_kit(read_inventory(inventory), inventory.parent)
    return inventory.parent


@handover_app.command()
def export(
    estate: EstateFile = Path("estate.yaml"),
    project: ProjectDir = Path(),
    pulumi_bin: PulumiBin = None,
    as_json: AsJson = False,
) -> None:
    """Write handover.json: the identifiers that the primary organization's stacks need from the recovery side."""
    import airlock.deploy as room

    path = room.export_handover(_request(estate, project, pulumi_bin))
    result({"handover": str(path)}, f"The handover is in {path}. Carry it to the primary side.", as_json=as_json)


def kit(
    out: Annotated[Path | None, typer.Option("--out", help="The folder of the kit; build/kit otherwise.")] = None,
    inventory: Annotated[
        Path | None, typer.Option("--inventory", help="Make the kit from this inventory, without Pulumi.")
    ] = None,
    estate: EstateFile = Path("estate.yaml"),
    project: ProjectDir = Path(),
    pulumi_bin: PulumiBin = None,
    as_json: AsJson = False,
) -> None:
    """Write the break-glass kit: inventory, card, runbook and program. Keep it outside the primary organization."""
    from airlock.runbook.inventory_file import read_inventory
    from airlock.runbook.kit import write_kit

    if inventory is None:
        import airlock.deploy as room

        say("reading the state of every stack")
        inventory = room.write_inventory(_request(estate, project, pulumi_bin))
    folder = out or inventory.parent
    files = write_kit(read_inventory(inventory), folder)
    data = {"kit": str(folder), "files": [str(file) for file in files]}
    result(data, f"The kit is in {folder}. Keep a copy outside the primary organization.", as_json=as_json)
