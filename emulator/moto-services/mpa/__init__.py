"""AWS Multi-party approval, loaded as `moto.mpa`."""

from .models import mpa_backends

__all__ = ["mpa_backends"]
