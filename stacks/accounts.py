"""The one place where an account becomes a provider."""

import pulumi
import pulumi_aws as aws

from stacks.settings import Settings

SESSION_NAME = "airlock"


def account_options(settings: Settings) -> pulumi.ResourceOptions:
    """Puts everything below a component into this stack's account, through its deployment role and no other way."""
    connection = settings.connection()
    provider = aws.Provider(
        settings.account_key,
        region=connection.region,
        profile=connection.profile,
        assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=connection.role_arn, session_name=SESSION_NAME)],
        # Credentials of another account end the run before the first call.
        allowed_account_ids=[connection.account_id],
    )
    return pulumi.ResourceOptions(providers={"aws": provider})
