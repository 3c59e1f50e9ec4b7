"""How to reach one account: plain data, so that it fits into a resource's properties. It holds no secret."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Connection:
    """The account that is meant, the Region, the AWS profile to start from and the role to take on."""

    account_id: str
    region: str
    profile: str | None = None
    role_arn: str | None = None

    def to_dict(self) -> dict[str, str]:
        """Without what is not set: Pulumi drops nulls, and a dropped key would read as a change."""
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def from_dict(cls, data: Mapping[str, str | None]) -> "Connection":
        """The inverse of `to_dict`. Unknown keys are ignored: the engine adds its own to a provider's properties."""
        return cls(
            account_id=str(data["account_id"]),
            region=str(data["region"]),
            profile=data.get("profile") or None,
            role_arn=data.get("role_arn") or None,
        )
