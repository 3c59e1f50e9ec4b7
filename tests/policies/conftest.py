"""The seeded emulator of the plugin's tests, for the pack under the real engine."""

from tests.aws_plugin.conftest import aws, emulator, emulator_process

__all__ = ["aws", "emulator", "emulator_process"]
