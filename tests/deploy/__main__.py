"""Deploys a sample project in a process of its own, for the tests that kill or interrupt it."""

import sys
from pathlib import Path

from airlock.deploy import Note, deploy
from airlock.domain.errors import AirlockError
from tests.deploy.support import Project


def main() -> int:
    project = Project(Path(sys.argv[1]))
    try:
        result = deploy(project.request, project.events.append)
    except AirlockError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.writelines(f"{event.sentence}\n" for event in project.events if isinstance(event, Note))
    return result.exit_code


if __name__ == "__main__":
    sys.exit(main())
