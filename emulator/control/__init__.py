"""The control interface at `/_emulator/`: what tests, demos and people do that no AWS call does.

May import: `protocol`, `world`, `authorization`, `events`, `state`.
"""
