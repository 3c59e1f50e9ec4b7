"""Backup, copy and restore jobs: how they start, move on and end, and how long they are remembered.

May import: `exceptions`, `records`, `models`, `common`, `protection`, `content`, `recovery_points`.
"""
