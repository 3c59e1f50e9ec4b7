"""A gate that was never seen to fail proves nothing: each kind of forbidden import is planted, and must be found."""

from pathlib import Path

import pytest

from tests.architecture.imports import circle, offences


def plant(root: Path, path: str, text: str) -> list[str]:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return offences(root)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("airlock/domain/arns.py", "import airlock.clients.sessions\n"),
        ("airlock/domain/arns.py", "import pydantic\n"),
        ("airlock/domain/arns.py", "import a_package_that_no_table_names\n"),
        ("airlock/estate/load.py", "from airlock import clients\n"),
        ("airlock/clients/backups.py", "from airlock.providers.approval_team import ApprovalTeam\n"),
        ("airlock/providers/approval_team.py", "from components import isolated_vault\n"),
        ("airlock/deploy/run.py", "from airlock.clients import sessions\n"),
        ("airlock/deploy/run.py", "from tools.engine import engine_bin\n"),
        ("airlock/runbook/request.py", "def late():\n    import pulumi\n"),
        ("airlock/runbook/kit.py", "from airlock.estate import load\n"),
        (
            "airlock/runbook/kit.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from airlock.estate.models import Estate\n",
        ),
        ("airlock/cli/main.py", "import boto3\n"),
        ("components/isolated_vault.py", "from airlock.clients.backups import Backups\n"),
        ("components/isolated_vault.py", "from stacks import settings\n"),
        ("stacks/vault.py", "from airlock.providers.vault_approval import VaultApproval\n"),
        ("stacks/vault.py", "import yaml\n"),
        ("__main__.py", "import components.isolated_vault\n"),
        ("policies/vault_rules/vaults.py", "from airlock.domain import retention\n"),
        ("policies/vault_rules/vaults.py", "import pulumi_aws\n"),
        ("emulator/state/seed.py", "from airlock.domain import arns\n"),
        ("emulator/world/mail.py", "from emulator.events import topics\n"),
        ("emulator/protocol/shapes.py", "def late():\n    from emulator import world\n"),
        ("emulator/state/life.py", "from emulator.control.faults import reset\n"),
        ("emulator/moto-services/ram/models.py", "from ..mpa import teams\n"),
        ("emulator/moto-services/backup/records/entities.py", "from ..jobs import progress\n"),
        ("emulator/moto-services/backup/content/s3.py", "from ..jobs.progress import advance\n"),
        ("emulator/moto-services/mpa/models.py", "import pulumi\n"),
        ("tools/engine/ensure.py", "import airlock\nfrom airlock import deploy\n"),
        ("tools/engine/ensure.py", "import pulumi\n"),
        ("tools/engine/ensure.py", "import boto3\n"),
        ("tools/aws_plugin/server.py", "from emulator.world import clock\n"),
        ("demo/story.py", "from emulator.world import clock\n"),
        ("demo/story.py", "from airlock.clients import sessions\n"),
        ("airlock/providers/deep/inner.py", "from ...deploy import run\n"),
    ],
)
def test_a_forbidden_import_is_found_and_named(tmp_path: Path, path: str, text: str) -> None:
    found = plant(tmp_path, path, text)
    assert len(found) == 1, f"{path} with {text!r} gave {found}"
    assert found[0].startswith(f"{path}:")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("airlock/domain/arns.py", "from airlock.domain.errors import AirlockError\nimport json\n"),
        ("airlock/clients/backups.py", "import boto3\nfrom airlock.domain import arns\n"),
        ("airlock/cli/main.py", "import typer\nfrom airlock import __version__\nfrom airlock.deploy import deploy\n"),
        ("stacks/settings.py", "import yaml\nimport pydantic\n"),
        ("tools/aws_plugin/server.py", "import boto3\nimport pulumi.runtime.proto\n"),
        ("policies/__main__.py", "import pulumi_policy\nfrom vault_rules import catalogue\n"),
        ("tests/emulator/world/test_clock.py", "import boto3\nfrom emulator.world import clock\n"),
        ("airlock/estate/checks/people.py", "from ..models import Estate\nfrom . import regions\n"),
        ("emulator/http/front_door.py", "from emulator import authorization\nfrom emulator.state import keeper\n"),
        (
            "emulator/moto-services/backup/jobs/progress.py",
            "from ..models import backend_of\nfrom ..common import roles\n",
        ),
    ],
)
def test_what_the_tables_allow_is_no_offence(tmp_path: Path, path: str, text: str) -> None:
    assert plant(tmp_path, path, text) == []


def test_a_ring_of_modules_is_found_wherever_its_imports_stand(tmp_path: Path) -> None:
    plant(tmp_path, "emulator/world/clock.py", "from emulator.world import agenda\n")
    plant(tmp_path, "emulator/world/agenda.py", "def late():\n    from . import mail\n")
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from emulator.world.clock import now\n"
    plant(tmp_path, "emulator/world/mail.py", typed)
    assert set(circle(tmp_path)) == {"emulator.world.clock", "emulator.world.agenda", "emulator.world.mail"}
    plant(tmp_path, "emulator/world/mail.py", "")
    assert circle(tmp_path) == []
