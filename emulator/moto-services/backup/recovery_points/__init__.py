"""Recovery points: lifecycle, continuous backups, and what is made for them (indexes, scans, tiers, access points).

May import: `exceptions`, `records`, `models`, `common`, `protection`, `content`.
"""
