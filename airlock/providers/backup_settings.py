"""RegionSettings and GlobalSettings of AWS Backup. Additive: what others switched on stays on, and delete keeps all.

Both are maps that AWS answers whole, and that grow: AWS Backup learns a service, or gets a further setting. The types
of the aws package compare the whole map with the program's, so an entry that AWS adds is a change for ever, and one
that a Region does not know a refusal [tf region] [tf global]. Ours name what the estate needs and look at nothing else.
"""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any, assert_never

import pulumi
from pulumi.dynamic import Resource

from airlock.clients.backups import Backups
from airlock.domain.connection import Connection
from airlock.domain.errors import AirlockError
from airlock.providers.converging import Converging, Run, connection_of
from airlock.providers.properties import Props

# By the name of our input: each entry that AWS has of that map, and whether it is on.
Switches = Mapping[str, Mapping[str, bool]]


class Step(Enum):
    """What a run does to settings."""

    SWITCH_ON = "SwitchOn"


class _SwitchedOn(Converging[Switches, Step]):
    """Entries of maps of AWS Backup that have to be on. The table is in README.md."""

    @abstractmethod
    def switches(self, backups: Backups) -> Switches:
        """Each map as AWS has it, by the input that lists the needed entries of it."""

    @abstractmethod
    def switch_on(self, backups: Backups, inputs: Props) -> None:
        """Switch the needed entries on; all others stay as they are."""

    @abstractmethod
    def id_of(self, connection: Connection) -> str:
        """What the settings belong to."""

    def find_or_create(self, inputs: Props) -> tuple[str, Props]:
        return self.id_of(connection_of(inputs)), {}

    def look(self, run: Run) -> Switches:
        return self.switches(Backups(run.connection))

    def step(self, run: Run, live: Switches | None) -> Step | None:
        return Step.SWITCH_ON if _off(run, live) else None

    def act(self, run: Run, step: Step) -> Props:
        match step:
            case Step.SWITCH_ON:
                self.switch_on(Backups(run.connection), run.inputs)
            case _:
                assert_never(step)
        return {}

    def outputs(self, run: Run, live: Switches | None) -> Props:
        off = _off(run, live)
        return {"status": "OFF" if off else "ON", "off": off}

    def delete_existing(self, run: Run, live: Switches) -> None:
        """Kept: backups of others would stop."""


def _off(run: Run, live: Switches | None) -> list[str]:
    """The needed entries that are not on. AWS always has the maps."""
    return [
        entry for name, switches in (live or {}).items() for entry in run.inputs[name] if not switches.get(entry, False)
    ]


class BackupRegionSettingsProvider(_SwitchedOn):
    """Which services AWS Backup covers in an account and Region."""

    def problems(self, known: Props) -> list[tuple[str, str]]:
        """Looks at AWS, too: what a Region does not know is better said by a preview than by half an `up`."""
        where = known.get("connection", {})
        if not (where.get("account_id") and where.get("region")):
            return []
        try:
            live = self.switches(Backups(connection_of(known)))
        except AirlockError:
            # Nobody may look yet, as before the roles are there. The run that follows says so if it is still so.
            return []
        return [
            (name, _unknown(entry, where, sorted(live["services"])))
            for name, switches in live.items()
            for entry in known.get(name, [])
            if entry not in switches
        ]

    def switches(self, backups: Backups) -> Switches:
        opted_in, managed = backups.region_settings()
        return {"services": opted_in, "fully_managed": managed}

    def switch_on(self, backups: Backups, inputs: Props) -> None:
        backups.switch_on_region_settings(inputs["services"], inputs["fully_managed"])

    def id_of(self, connection: Connection) -> str:
        return f"{connection.account_id}/{connection.region}"


def _unknown(entry: str, where: Props, services: list[str]) -> str:
    return (
        f"`{entry}` is no resource type that AWS Backup can protect so in {where['region']} (account"
        f" {where['account_id']}), so nothing of it would be backed up there. It knows {', '.join(services)}. Take the"
        " type out of the data classes of this account in the topology, or protect it in a Region that knows it"
    )


class BackupGlobalSettingsProvider(_SwitchedOn):
    """Opt-ins of the whole organization, in its management account."""

    def switches(self, backups: Backups) -> Switches:
        return {"settings": backups.global_settings()}

    def switch_on(self, backups: Backups, inputs: Props) -> None:
        backups.switch_on_global_settings(inputs["settings"])

    def id_of(self, connection: Connection) -> str:
        return connection.account_id


@dataclass(frozen=True, kw_only=True)
class BackupRegionSettingsArgs:
    """Resource types by AWS's name, e.g. "DynamoDB": those to opt in, and those to be managed in full."""

    connection: pulumi.Input[dict[str, str]]
    services: list[str]
    fully_managed: list[str]


class BackupRegionSettings(Resource, module="airlock", name="BackupRegionSettings"):
    """Services that are opted in. Its id is ACCOUNT/REGION."""

    status: pulumi.Output[str]

    def __init__(
        self, resource_name: str, args: BackupRegionSettingsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(BackupRegionSettingsProvider(), resource_name, _properties(args), opts)


@dataclass(frozen=True, kw_only=True)
class BackupGlobalSettingsArgs:
    """The settings that have to be on, by AWS's name, e.g. "isMpaEnabled"."""

    connection: pulumi.Input[dict[str, str]]
    settings: list[str]


class BackupGlobalSettings(Resource, module="airlock", name="BackupGlobalSettings"):
    """Settings of AWS Backup for the organization that are on. Its id is the management account's."""

    status: pulumi.Output[str]

    def __init__(
        self, resource_name: str, args: BackupGlobalSettingsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(BackupGlobalSettingsProvider(), resource_name, _properties(args), opts)


def _properties(args: BackupRegionSettingsArgs | BackupGlobalSettingsArgs) -> dict[str, Any]:
    inputs = {field.name: getattr(args, field.name) for field in fields(args)}
    return {**inputs, **dict.fromkeys(("status", "off"))}
