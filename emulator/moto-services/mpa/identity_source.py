"""An identity source as data: the link to where the approvers are known."""

from dataclasses import dataclass, field
from datetime import datetime

from .transitions import SOURCE_CREATING, State


@dataclass
class IdentitySource:
    """The link between Multi-party approval and an organization instance of IAM Identity Center."""

    arn: str
    owner: str
    instance_arn: str
    region: str
    created: datetime
    state: State = SOURCE_CREATING
    unseen: State | None = None
    message: str = ""
    tags: dict[str, str] = field(default_factory=dict)
