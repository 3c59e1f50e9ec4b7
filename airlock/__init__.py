"""Airlock: keeps backups out of an attacker's reach and proves that they come back."""

__version__ = "0.1.0"
