"""Restore testing: plans with their selections, and how they run.

May import: `exceptions`, `records`, `models`, `common`, `content`, `recovery_points`, `vaults`, `jobs`, `plans`.
"""
