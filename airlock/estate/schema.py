"""The JSON Schema of the topology, so that editors complete and check it while it is written."""

import json

from airlock.estate.models import Estate

FILE_NAME = "estate.schema.json"


def schema_text() -> str:
    """The committed file, which a test holds equal to the models: `airlock estate schema > estate.schema.json`."""
    schema = Estate.model_json_schema()
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Airlock topology",
        "description": "Who holds which account, key and vault. `airlock estate check` finds what spans the file.",
    }
    return json.dumps(schema, indent=2) + "\n"
