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
from pulumi.dynamic import CheckResult, Resource

from airlock.clients.backups import Backups
from airlock.domain.connection import Connection
from airlock.domain.errors import AirlockError
from airlock.providers.converging import Converging, Run, connection_of, with_problems
from airlock.providers.properties import Props, is_known, plain

# The maps of one kind of settings, by the name of our input: which entries have to be on.
Switches = Mapping[str, Mapping[str, bool]]


class Step(Enum):
    """What a run does to settings."""

    SWITCH_ON = "SwitchOn"


class _SwitchedOn(Converging[Switches, Step]):
    """Entries of maps of AWS Backup that have to be on. The table is in README.md."""

    maps: tuple[str, ...]
    """The inputs, each a list of entries."""

    @abstractmethod
    def read_settings(self, backups: Backups) -> Switches:
        """Each map as AWS has it."""

    @abstractmethod
    def write_settings(self, backups: Backups, merged: Switches) -> None:
        """Write the maps: AWS's own, with our entries on."""

    @abstractmethod
    def id_of(self, connection: Connection) -> str:
        """What the settings belong to."""

    def unknown(self, known: Props, live: Switches) -> list[tuple[str, str]]:  # noqa: ARG002  # for one of the two
        """(input, reason) for entries that AWS does not have and takes from nobody."""
        return []

    def problems(self, known: Props) -> list[tuple[str, str]]:  # noqa: ARG002  # what is wrong is seen at AWS only
        return []

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Also looks at AWS: what a Region does not know is better said by a preview than by half an `up`."""
        checked, inputs = super().check(_olds, news), plain(news)
        if checked.failures or not is_known(inputs):
            return checked
        try:
            live = self.read_settings(Backups(connection_of(inputs)))
        except AirlockError:
            # Nobody may look yet, as before the roles are there. The run that follows says so if it is still so.
            return checked
        return with_problems(checked, self.unknown(inputs, live))

    def find_or_create(self, inputs: Props) -> tuple[str, Props]:
        return self.id_of(connection_of(inputs)), {}

    def look(self, run: Run) -> Switches:
        return self.read_settings(Backups(run.connection))

    def step(self, run: Run, live: Switches | None) -> Step | None:
        return Step.SWITCH_ON if self._off(run, live or {}) else None

    def act(self, run: Run, step: Step) -> Props:
        match step:
            case Step.SWITCH_ON:
                # Read once more, and write all that AWS has: an entry that is left out may count as switched off.
                backups = Backups(run.connection)
                live = self.read_settings(backups)
                merged = {name: {**live[name], **dict.fromkeys(run.inputs.get(name, []), True)} for name in self.maps}
                self.write_settings(backups, merged)
            case _:
                assert_never(step)
        return {}

    def outputs(self, run: Run, live: Switches | None) -> Props:
        off = self._off(run, live or {})
        return {"status": "OFF" if off else "ON", "waiting": "", "off": off}

    def delete_existing(self, run: Run, live: Switches) -> None:
        """Kept: backups of others would stop."""

    def _off(self, run: Run, live: Switches) -> list[str]:
        return [
            entry
            for name in self.maps
            for entry in run.inputs.get(name, [])
            if not live.get(name, {}).get(entry, False)
        ]


class BackupRegionSettingsProvider(_SwitchedOn):
    """Which services AWS Backup covers in an account and Region."""

    maps = ("services", "fully_managed")

    def read_settings(self, backups: Backups) -> Switches:
        opted_in, managed = backups.region_settings()
        return {"services": opted_in, "fully_managed": managed}

    def write_settings(self, backups: Backups, merged: Switches) -> None:
        backups.update_region_settings(merged["services"], merged["fully_managed"])

    def id_of(self, connection: Connection) -> str:
        return f"{connection.account_id}/{connection.region}"

    def unknown(self, known: Props, live: Switches) -> list[tuple[str, str]]:
        return [
            (name, _unknown(entry, known["connection"], sorted(live["services"])))
            for name in self.maps
            for entry in known.get(name, [])
            if entry not in live[name]
        ]


def _unknown(entry: str, where: Props, services: list[str]) -> str:
    return (
        f"`{entry}` is no resource type that AWS Backup can protect so in {where['region']} (account"
        f" {where['account_id']}), so nothing of it would be backed up there. It knows {', '.join(services)}. Take the"
        " type out of the data classes of this account in the topology, or protect it in a Region that knows it"
    )


class BackupGlobalSettingsProvider(_SwitchedOn):
    """Opt-ins of the whole organization, in its management account."""

    maps = ("settings",)

    def read_settings(self, backups: Backups) -> Switches:
        return {"settings": backups.global_settings()}

    def write_settings(self, backups: Backups, merged: Switches) -> None:
        backups.update_global_settings(merged["settings"])

    def id_of(self, connection: Connection) -> str:
        return connection.account_id


@dataclass(frozen=True, kw_only=True)
class BackupRegionSettingsArgs:
    """Resource types by AWS's name, e.g. "DynamoDB": those to opt in, and those to be managed in full."""

    connection: pulumi.Input[dict[str, str]]
    services: list[str]
    fully_managed: list[str]
    owner: str


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
    owner: str


class BackupGlobalSettings(Resource, module="airlock", name="BackupGlobalSettings"):
    """Settings of AWS Backup for the organization that are on. Its id is the management account's."""

    status: pulumi.Output[str]

    def __init__(
        self, resource_name: str, args: BackupGlobalSettingsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(BackupGlobalSettingsProvider(), resource_name, _properties(args), opts)


def _properties(args: BackupRegionSettingsArgs | BackupGlobalSettingsArgs) -> dict[str, Any]:
    inputs = {field.name: getattr(args, field.name) for field in fields(args)}
    return {**inputs, **dict.fromkeys(("status", "waiting", "off"))}
