"""AWS Resource Access Manager, loaded as `moto.ram` instead of moto's own package."""

from .models import ram_backends

__all__ = ["ram_backends"]
