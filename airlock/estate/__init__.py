"""The topology, `estate.yaml`: what there is, who holds which key, and what must not be. It acts on nothing."""

from airlock.estate.load import load
from airlock.estate.models import Account, DataClass, Estate, Organization, State, Team, Vault

__all__ = ["Account", "DataClass", "Estate", "Organization", "State", "Team", "Vault", "load"]
