"""AWS STS. Who may take on a role is decided by the role's trust policy, which is its resource policy."""

from emulator.authorization.needs import Asking, Need, Values, given

# AWS asks nobody for these; not even a Deny stops GetCallerIdentity.
_FREE = ("GetCallerIdentity", "GetSessionToken")


def needs(asking: Asking) -> list[Need]:
    operation, parameters = asking.operation, asking.parameters
    if operation in _FREE:
        return []
    resource = str(parameters.get("RoleArn", "*"))
    found = [Need(f"sts:{operation}", resource)]
    if operation == "AssumeRole" and parameters.get("Tags"):
        found.append(Need("sts:TagSession", resource))
    if operation == "AssumeRole" and parameters.get("SourceIdentity"):
        found.append(Need("sts:SetSourceIdentity", resource))
    return found


def values(asking: Asking) -> Values:
    parameters = asking.parameters
    return given(
        sts__ExternalId=parameters.get("ExternalId"),
        sts__RoleSessionName=parameters.get("RoleSessionName"),
        sts__SourceIdentity=parameters.get("SourceIdentity"),
        sts__TransitiveTagKeys=parameters.get("TransitiveTagKeys"),
    )
