"""The policy pack. `PolicyPack` starts a server and never returns, so it is called here and nowhere else."""

from pulumi_policy import EnforcementLevel, PolicyPack

from vault_rules.catalogue import rules

PolicyPack("airlock", policies=rules(), enforcement_level=EnforcementLevel.MANDATORY)
