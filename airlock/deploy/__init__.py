"""All stacks of an estate in their order: `airlock deploy`, `airlock preview`, the handover and the inventory.

    request = DeployRequest(estate_path=Path("estate.yaml"), project_dir=Path("."))
    plan_stacks(request)         -> list[PlannedStack]     which stacks, in which backend, after which others
    preview(request, on_event)   -> PreviewResult          every stack that can be previewed; others say what they need
    deploy(request, on_event)    -> DeployResult           preview with the pack, then up unless it would write nothing
    export_handover(request)     -> Path                   handover.json beside the program
    write_inventory(request)     -> Path                   build/kit/inventory.json

Nothing here writes to a terminal. `on_event` gets the dataclasses of `airlock.deploy.results`, one at a time, from
whichever thread they happen in. A stack that fails raises `StackFailed` with that stack's own sentences; people who are
awaited are no failure: `DeployResult.waiting` names them and `DeployResult.exit_code` is 3.

`pulumi` is found on PATH, or in `DeployRequest.pulumi_bin`.
"""

from airlock.deploy.errors import DeploymentInterrupted, EngineMissing, StackFailed, StackLocked
from airlock.deploy.plan import DeployRequest, PlannedStack, plan_stacks
from airlock.deploy.results import (
    DeployResult,
    Event,
    Note,
    OnEvent,
    OperationFinished,
    OperationStarted,
    PreviewResult,
    ResourceStep,
    StackPreview,
    StackResult,
    Waiting,
)
from airlock.deploy.run import deploy, export_handover, preview, write_inventory

__all__ = [
    "DeployRequest",
    "DeployResult",
    "DeploymentInterrupted",
    "EngineMissing",
    "Event",
    "Note",
    "OnEvent",
    "OperationFinished",
    "OperationStarted",
    "PlannedStack",
    "PreviewResult",
    "ResourceStep",
    "StackFailed",
    "StackLocked",
    "StackPreview",
    "StackResult",
    "Waiting",
    "deploy",
    "export_handover",
    "plan_stacks",
    "preview",
    "write_inventory",
]
