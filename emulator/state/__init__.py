"""The whole state as one thing: seeded, reset, kept on disk, and gone back to.

May import: `protocol`, `world`, `authorization`, `moto`.
"""
