"""Each role exports a contract of the real shape; `behaviour.json` says what goes wrong in which stack."""

import json
from pathlib import Path

import pulumi
from sample import Sample

config = pulumi.Config("airlock")
role, account = config.require("role"), config.require("account")
behaviour = json.loads(Path("behaviour.json").read_text()).get(pulumi.get_stack(), {})
if behaviour.get("program"):
    raise pulumi.RunError(behaviour["program"])

options = pulumi.ResourceOptions(
    protect=behaviour.pop("protect", False), aliases=[pulumi.Alias(name=name) for name in behaviour.pop("aliases", [])]
)
more = behaviour.pop("contract", {})
Sample(behaviour.pop("logical_name", f"{role}-thing"), behaviour, options)
accounts = {"payments": "444444444444", "bunker": "333333333333"}


def vault(name: str) -> dict[str, str]:
    number = accounts[account]
    return {
        "name": name,
        "arn": f"arn:aws:backup:eu-west-1:{number}:backup-vault:{name}",
        "share_arn": f"arn:aws:ram:eu-west-1:{number}:resource-share/1",
    }


TEAM = "arn:aws:mpa:us-east-1:777777777777:approval-team/quorum-1"
CONTRACTS = {
    "management": lambda: {"organization_id": "o-1", "root_id": "r-1"},
    "recovery": lambda: {
        "teams": {"quorum": {"arn": TEAM, "share_arn": "arn:aws:ram:us-east-1:777777777777:resource-share/1"}},
        "identity_source_arn": "arn:aws:mpa:us-east-1:777777777777:identity-source/1",
        "portal_url": "https://portal.example",
    },
    "backup_admin": lambda: {"policy_ids": {"orders": "p-1"}},
    "vault": lambda: {"data_class": "orders", "vaults": [vault("orders-2026")]},
    "workload": lambda: {
        "account_id": "444444444444",
        "local_vault_arns": {"payments": "arn:aws:backup:eu-west-1:444444444444:backup-vault:payments-local"},
        "vaults": [vault("payments-2026")],
    },
    "forensic": lambda: {"plan_name": "plan", "role_arn": "arn:aws:iam::666666666666:role/restore"},
    "landing": lambda: {
        "requester_role_arn": "arn:aws:iam::888888888888:role/airlock-requester",
        "restore_role_arn": "arn:aws:iam::888888888888:role/airlock-restore",
        "kms_key_arn": "arn:aws:kms:eu-west-1:888888888888:key/1",
    },
}
pulumi.export("contract", CONTRACTS[role]() | more)
