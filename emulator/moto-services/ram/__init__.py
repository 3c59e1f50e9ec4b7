"""AWS Resource Access Manager, loaded as `moto.ram` instead of moto's own package.

May import: `protocol`, `world`, `authorization`, `moto`, `events`.
"""

from .models import ram_backends

__all__ = ["ram_backends"]
