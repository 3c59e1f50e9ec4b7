"""What keeps a recovery point where it is: vault locks, access policies, legal holds, and the rules of the air gap.

May import: `exceptions`, `records`, `models`, `common`.
"""
