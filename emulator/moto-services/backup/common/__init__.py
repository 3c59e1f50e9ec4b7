"""What several groups of operations share: settings, roles, encryption, tags, events, and how things are shown.

May import: `exceptions`, `records`, `models`.
"""
