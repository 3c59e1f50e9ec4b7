"""AWS Multi-party approval, loaded as `moto.mpa`.

May import: `protocol`, `world`, `authorization`, `moto`, `events`.
"""

from .models import mpa_backends

__all__ = ["mpa_backends"]
