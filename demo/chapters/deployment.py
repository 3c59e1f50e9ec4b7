"""Chapter a: roles are made, every stack is deployed, people accept, and a further run has nothing to do."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from airlock.estate.stack_files import load_stack_files
from demo.command import DONE, WAITING
from demo.estate_seed import seed_document
from demo.evidence import Step
from demo.words import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.tale import Tale

MOST_AT_ONCE = 2
MOST_RUNS = 5
"""A deployment that still waits after this many runs is stuck, not waiting."""


def pass_by(_tale: Tale, _moment: str) -> None:
    """Nothing is to be done at any moment."""


def deploy(tale: Tale, reached: Callable[[Tale, str], None] = pass_by) -> None:
    """From an empty organization to an estate in which nothing waits; `reached` is called at each of `MOMENTS`."""
    for moment, step in MOMENTS.items():
        step(tale)
        reached(tale, moment)


def prepare(tale: Tale) -> None:
    """From an empty organization to accounts with the roles that deploy, and policies that count."""
    seed(tale)
    bootstrap(tale)
    tale.emulator.enforce()
    tale.evidence.enforcement = tale.emulator.enforcement()
    tale.note("The emulator", "evaluates every policy from now on")


def deploy_once(tale: Tale) -> None:
    """The first deployment: it ends at its first wait for people."""
    first = tale.airlock("deploy", *where(tale), expect=(DONE, WAITING))
    tale.evidence.stacks = [
        {"name": stack["name"], "resources": stack["resources"], "seconds": stack["seconds"]}
        for stack in first.data["stacks"]
    ]
    stacks, waiting = count(len(first.data["stacks"]), "stack"), count(len(first.data["waiting"]), "resource")
    tale.note("The deployment", f"makes {stacks} and leaves {waiting} waiting for people")


def converge(tale: Tale) -> None:
    """People accept, and further deployments end when nothing waits any more."""
    accept_invitations(tale)
    for _ in range(MOST_RUNS):
        run = tale.airlock("deploy", *where(tale), expect=(DONE, WAITING))
        if run.code == DONE:
            tale.note("The deployment", "runs again, and nothing waits any more")
            return
    raise RuntimeError(f"After {MOST_RUNS} runs the deployment still waits: {run.said}")


MOMENTS: dict[str, Callable[[Tale], None]] = {"bare": prepare, "waiting": deploy_once, "stable": converge}
"""The steps of a deployment, by the state of the estate in which each ends."""


def prove_stable(tale: Tale) -> None:
    """State agrees with AWS, the program with state, and another deployment makes no write call."""
    stacks = _stacks(tale)
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        unchanged = pool.map(lambda stack: _is_unchanged(tale, *stack), stacks)
        drifted = {name for (_, name), same in zip(stacks, unchanged, strict=True) if not same}
    before = tale.emulator.last_call()
    run = tale.airlock("deploy", *where(tale))
    changes = len(drifted | {stack["name"] for stack in run.data["stacks"] if stack["changes"]})
    writes = [call for call in tale.emulator.calls(before) if call.is_write]
    tale.evidence.second_run = {
        "changes": changes,
        "write_calls": len(writes),
        "writes": sorted({f"{call.service}:{call.operation}" for call in writes}),
    }
    tale.note(
        "The deployment",
        f"runs once more; it finds {count(changes, 'changed stack')} and makes {count(len(writes), 'write call')}",
    )


def where(tale: Tale) -> list[str]:
    """The options that name the copy of the project and its topology."""
    return ["--project", str(tale.stage.project), "--estate", str(tale.stage.estate_file)]


def seed(tale: Tale) -> None:
    """Everything that exists before Airlock comes."""
    seeded = tale.emulator.seed(seed_document(tale.estate))
    for organization in seeded["organizations"]:
        center = organization.get("identity_center") or {}
        tale.users |= {user["user_name"]: user["user_id"] for user in center.get("users", [])}
    accounts = sum(len(organization["accounts"]) for organization in seeded["organizations"])
    organizations = count(len(seeded["organizations"]), "organization")
    tale.note("The emulator", f"holds {organizations} with {count(accounts, 'account')}")


def bootstrap(tale: Tale) -> None:
    """The roles come from the very templates that `airlock bootstrap` writes, account by account."""
    folder = tale.stage.folder / "bootstrap"
    tale.airlock("bootstrap", "--estate", str(tale.stage.estate_file), "--out", str(folder))
    for key in tale.estate.accounts:
        rollout = key in tale.estate.roles.rollout
        template = folder / ("rollout-member.json" if rollout else "deploy-roles.json")
        cloudformation = tale.client(key, "cloudformation")
        cloudformation.create_stack(
            StackName="airlock-bootstrap",
            TemplateBody=template.read_text(encoding="utf-8"),
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        state = cloudformation.describe_stacks(StackName="airlock-bootstrap")["Stacks"][0]["StackStatus"]
        if state != "CREATE_COMPLETE":
            raise RuntimeError(f"The bootstrap of account {key} ended as {state}; nothing can be deployed there.")
    accounts = count(len(tale.estate.accounts), "account")
    tale.note("The bootstrap", f"makes the deployment roles in {accounts}, by CloudFormation")


def accept_invitations(tale: Tale) -> None:
    """Every approver of every team accepts."""
    team_owner = tale.client(tale.estate.recovery_account.key, "mpa", "us-east-1")
    for team in team_owner.list_approval_teams()["ApprovalTeams"]:
        for approver in tale.approvers(team["Name"]):
            tale.people.accept(team["Arn"], approver)
            tale.note(approver.name, f"accepts the invitation to team {team['Name']}", "people")


def _stacks(tale: Tale) -> list[tuple[str, str]]:
    files = load_stack_files(tale.stage.project, tale.stage.estate_file)
    return [(tale.estate.side_of_role(file.role), file.name) for file in files]


def _is_unchanged(tale: Tale, side: str, stack: str) -> bool:
    """Whether AWS still has what the state says. The program is not run: the deployment that follows previews it."""
    environment = tale.stage.environment | {"PULUMI_BACKEND_URL": tale.estate.state(side).backend}
    done = subprocess.run(
        ["pulumi", "refresh", "--preview-only", "--expect-no-changes", "--stack", stack, "--non-interactive"],  # noqa: S607
        cwd=tale.stage.project,
        env=environment | {"PATH": environment.get("PATH", os.defpath)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        tale.say(Step(tale.emulator.now(), f"Stack {stack}", f"shows changes:\n{done.stdout}\n{done.stderr}"))
    return done.returncode == 0
