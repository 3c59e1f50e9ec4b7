"""Writes emulator/FIDELITY.md from the sources below emulator/fidelity, the service models, the code and the tests."""
