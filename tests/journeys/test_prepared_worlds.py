"""A copy of a prepared world is the estate that was deployed, at another place and behind another emulator."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from airlock.domain.sealed import checksum
from tests.journeys.estates import BUILD
from tests.worlds.key import digest
from tests.worlds.site import succeed

if TYPE_CHECKING:
    from tests.worlds.store import Worlds

pytestmark = [pytest.mark.engine, pytest.mark.journey]


def test_a_copy_of_a_stable_estate_shows_no_change_and_leaves_the_original_alone(worlds: Worlds) -> None:
    kept = worlds.prepared("cross-organization", "stable")
    before = digest(kept.parent, [kept.name])
    with worlds.opened(BUILD / "stable", "stable") as site:
        assert site.tale.emulator.enforcement() == "on"
        # The state of this stack holds the address of the approval portal, which is the emulator's.
        assert site.tale.emulator.url in str(site.export("recovery"))
        succeed(site.pulumi("recovery", "preview", "--refresh", "--expect-no-changes"))
        assert str(site.folder) in (site.project / "estate.yaml").read_text()
        for document in (site.project / "handover.json", site.tale.stage.kit / "inventory.json"):
            body = json.loads(document.read_text())
            assert body["checksum"] == checksum(body), f"every reader refuses {document.name}"
    assert digest(kept.parent, [kept.name]) == before, "the next test would start from what this one left"
