"""All stacks of an estate in their order: `airlock deploy`, `airlock preview`, the handover and the inventory.

    request = DeployRequest(estate_path=Path("estate.yaml"), project_dir=Path("."))
    plan_stacks(request)         -> list[PlannedStack]     which stacks, in which backend, after which others
    preview(request, on_event)   -> PreviewResult          every stack that can be previewed; others say what they need
    deploy(request, on_event)    -> DeployResult           preview with the pack, then up with the pack, stack by stack
    export_handover(request)     -> Path                   handover.json beside the program
    write_inventory(request)     -> Path                   build/kit/inventory.json

Nothing here writes to a terminal. `on_event` gets the dataclasses of `airlock.deploy.events`, one at a time, from
whichever thread they happen in. A stack that fails raises `StackFailed` with that stack's own sentences; people who are
awaited are no failure: `DeployResult.waiting` names them and `DeployResult.exit_code` is 3.

`pulumi` is found on PATH, or in `DeployRequest.pulumi_bin`.
"""

from airlock.deploy.errors import DeploymentInterrupted, EngineMissing, StackFailed, StackLocked
from airlock.deploy.events import Event, Note, OnEvent, OperationFinished, OperationStarted, ResourceStep
from airlock.deploy.handover import export_handover
from airlock.deploy.inventory import write_inventory
from airlock.deploy.plan import PlannedStack, plan_stacks
from airlock.deploy.request import DeployRequest
from airlock.deploy.results import DeployResult, PreviewResult, StackPreview, StackResult, Waiting
from airlock.deploy.run import deploy, preview

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
