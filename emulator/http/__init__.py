"""From the socket to a call and back: connections, the front door, and the checks on the way.

May import: `protocol`, `world`, `authorization`, `moto`, `events`, `state`, `control`.
"""
