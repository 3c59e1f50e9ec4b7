"""The content of backups: taken from a live resource and made into a new one, a module for each resource type.

May import: `exceptions`, `records`, `models`, `common`.
"""
