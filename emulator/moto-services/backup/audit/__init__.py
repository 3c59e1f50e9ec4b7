"""Backup Audit Manager: frameworks with their controls, and reports.

May import: `exceptions`, `records`, `models`, `common`.
"""
