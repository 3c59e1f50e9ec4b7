"""Backup vaults: standard and air-gapped ones, their approval team, and restore access vaults.

May import: `exceptions`, `records`, `models`, `common`, `protection`, `recovery_points`.
"""
