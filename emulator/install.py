"""Every touch of moto's internals.

moto has no plugin system. Our services live in `moto-services/` and are put in front on `moto.__path__`, so that moto
loads them as `moto.mpa`, `moto.backup` and `moto.ram` (instead of its own packages of these names).
"""

import os
import re
from pathlib import Path

SERVICES = Path(__file__).parent / "moto-services"

# Read by moto when it is imported. No default images: they cost a second in each account's first EC2 call. No reading
# of other accounts' buckets, and no answer to pages of another origin.
_SETTINGS = {
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    "MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS": "false",
    "MOTO_DISABLE_GLOBAL_CORS": "true",
}

_PATTERNS = {
    "mpa": r"https?://mpa\.(.+)\.amazonaws\.com",
    "ram": r"https?://ram\.(.+)\.amazonaws\.com",
    "backup": r"https?://backup\.(.+)\.amazonaws\.com",
}


def install() -> None:
    """Prepare moto in this process. To be called before anything else imports moto; safe to repeat."""
    os.environ.update(_SETTINGS)

    import moto
    from moto import backend_index

    if str(SERVICES) in moto.__path__:
        return
    moto.__path__.insert(0, str(SERVICES))
    others = [(name, pattern) for name, pattern in backend_index.backend_url_patterns if name not in _PATTERNS]
    ours = [(name, re.compile(pattern)) for name, pattern in _PATTERNS.items()]
    backend_index.backend_url_patterns[:] = ours + others
