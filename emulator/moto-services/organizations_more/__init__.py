"""What moto's `organizations` lacks, put over it by `emulator.moto`; the same name would hide moto's package.

May import: `protocol`, `world`, `authorization`, `moto`, `events`.
"""

# moto's module first: loading it loads and installs ours, which must not be half-loaded then.
import moto.organizations.models  # noqa: F401
