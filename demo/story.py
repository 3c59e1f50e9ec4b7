"""The whole story, chapter by chapter."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from airlock.estate import load
from demo.chapters import backups, deployment, loss, recovery
from demo.command import Airlock
from demo.evidence import Evidence, Step
from demo.provenance import provenance
from demo.stage import Stage
from demo.tale import Chapter, Tale
from tools.engine.forks import fork_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from demo.emulator import Emulator
    from demo.people import People


@contextmanager
def open_tale(stage: Stage, people: Callable[[Emulator], People], say: Callable[[Step], None]) -> Iterator[Tale]:
    """A tale whose stage is set and of which nothing was told yet; whatever was started is stopped at the end."""
    with stage.set_up() as emulator:
        yield tale_on(stage, emulator, people(emulator), say)


def tale_on(stage: Stage, emulator: Emulator, people: People, say: Callable[[Step], None]) -> Tale:
    """A tale on a stage that is set."""
    estate = load(stage.estate_file)
    return Tale(
        stage=stage,
        emulator=emulator,
        estate=estate,
        airlock=Airlock(stage.environment, stage.project),
        people=people,
        evidence=Evidence(pattern=stage.pattern, estate=estate.name, run=provenance(stage.environment)),
        say=say,
    )


def tell(
    pattern: str,
    folder: Path,
    people: Callable[[Emulator], People],
    say: Callable[[Step], None],
) -> Tale:
    """Tell the story of one pattern in `folder`; its evidence is written also on failure."""
    with fork_server(), open_tale(Stage(pattern=pattern, folder=folder), people, say) as tale:
        tell_on(tale)
    return tale


def tell_on(tale: Tale, reached: Callable[[Tale, str], None] = deployment.pass_by) -> None:
    """Tell the whole story on a stage that is set; `reached` is called at each moment of the deployment."""
    try:
        _chapters(tale, reached)
    except Exception as problem:
        tale.evidence.stopped = str(problem)
        raise
    finally:
        tale.evidence.write(tale.stage.folder / "evidence.json")


def _chapters(tale: Tale, reached: Callable[[Tale, str], None]) -> None:
    objectives = [tale.estate.data_classes[name].objectives for name in tale.lost_classes]
    tale.evidence.objectives = {
        "rto_seconds": 60 * min(objective.rto_minutes for objective in objectives),
        "rpo_seconds": 60 * min(objective.rpo_minutes for objective in objectives),
    }
    with Chapter(tale, "deploy", "The estate is deployed"):
        deployment.deploy(tale, reached)
    with Chapter(tale, "prove stable", "A further run has nothing to do"):
        deployment.prove_stable(tale)
    with Chapter(tale, "back up", "The data is backed up, and copies reach the air-gapped vaults"):
        backups.write_content(tale)
        backups.pass_a_night(tale, expected_points=3)
    with Chapter(tale, "attack", "The attack"):
        loss.attack_the_estate(tale)
    recovery.recover(tale)
    # Switched on after the bootstrap; a reset or a restart on the way would have switched it off again.
    tale.evidence.enforcement = tale.emulator.enforcement()
