"""The door of the Pulumi program: settings in, one role's resources and its contract out."""

import pulumi

from stacks.registry import compose
from stacks.settings import load

pulumi.export("contract", compose(load()).export())
