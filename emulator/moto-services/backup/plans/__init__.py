"""Backup plans: versions, selections, schedules and runs; plans from templates and from backup policies.

May import: `exceptions`, `records`, `models`, `common`, `protection`, `content`, `recovery_points`, `jobs`.
"""
