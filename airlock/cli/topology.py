"""`airlock estate` and `airlock bootstrap`: what the topology says, and the templates that come from it."""

from pathlib import Path
from typing import Annotated

import typer

from airlock.cli.terminal import result, say

app = typer.Typer(help="Check the topology, or print its JSON Schema.", no_args_is_help=True)

EstateFile = Annotated[Path, typer.Option("--estate", help="The topology file.")]
ProjectDir = Annotated[Path, typer.Option("--project", help="The folder of the Pulumi project.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.command()
def check(estate: EstateFile = Path("estate.yaml"), project: ProjectDir = Path(), as_json: AsJson = False) -> None:
    """Find every problem of the topology and of its stack files; touch nothing."""
    from airlock.domain.errors import EstateError
    from airlock.estate import load
    from airlock.estate.stack_files import load_stack_files, refuse_problems

    try:
        topology = load(project / estate)
        stacks = load_stack_files(project, estate)
        refuse_problems(topology, stacks)
    except EstateError as error:
        if as_json:
            result({"problems": error.problems}, "", as_json=True)
        raise
    words = (
        f"{estate} is sound: {topology.pattern}, {len(topology.accounts)} accounts, {len(topology.teams)} teams, "
        f"{len(topology.data_classes)} data classes, {len(stacks)} stacks."
    )
    data = {
        "estate": topology.name,
        "pattern": topology.pattern,
        "stacks": [stack.name for stack in stacks],
        "problems": [],
    }
    result(data, words, as_json=as_json)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the topology, for editors."""
    from airlock.estate.schema import schema_text

    result(None, schema_text(), as_json=False)


def bootstrap(
    out: Annotated[Path, typer.Option("--out", help="The folder to write the templates to.")],
    estate: EstateFile = Path("estate.yaml"),
    as_json: AsJson = False,
) -> None:
    """Write the CloudFormation templates of the roles that everything is deployed through."""
    from airlock.bootstrap import write_templates
    from airlock.estate import load

    topology = load(estate)
    accounts = write_templates(topology, out)
    for key, file in accounts.items():
        say(f"{topology.account(key).id} {key}: {file}")
    data = {"folder": str(out), "accounts": accounts}
    result(data, f"The templates are in {out}. Create one stack from its template in each account.", as_json=as_json)
