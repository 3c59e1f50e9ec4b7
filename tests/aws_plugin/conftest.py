"""Plugins configured for single accounts of a seeded emulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.aws_plugin.talking import Plugin, plugin
from tests.emulator.conftest import MANAGEMENT, PAYMENTS, Emulator, emulator, emulator_process
from tools.aws_plugin.waiting import SCALE

__all__ = ["emulator", "emulator_process"]

Configured = Callable[..., Plugin]


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Minutes of patience become seconds; who lets the patience run out takes `impatient` too."""
    monkeypatch.setenv(SCALE, "0.02")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every wait and every repetition is over after a tenth of a second or two."""
    monkeypatch.setenv(SCALE, "0.0005")


@pytest.fixture
def aws(emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """Two organizations, and the AWS configuration file with a profile per account that the emulator writes."""
    emulator.seed()
    config = tmp_path / "aws-config"
    config.write_text(emulator.control("GET", "aws-config"), encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    return emulator


@pytest.fixture
def plugin_of(aws: Emulator) -> Iterator[Configured]:
    """Makes a plugin for the account of a profile."""
    with ExitStack() as stack:

        def configured(profile: str, **settings: Any) -> Plugin:
            found = stack.enter_context(plugin())
            found.configure(profile=profile, **{"region": "eu-west-1", **settings})
            return found

        yield configured


@pytest.fixture
def payments(plugin_of: Configured) -> Plugin:
    return plugin_of("payments", allowedAccountIds=[PAYMENTS])


@pytest.fixture
def management(plugin_of: Configured) -> Plugin:
    return plugin_of("management", allowedAccountIds=[MANAGEMENT])
