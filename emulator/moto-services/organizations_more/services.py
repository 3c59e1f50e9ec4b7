"""The services that AWS Organizations knows: trusted access and delegated administrators."""

_TRUSTED = (
    "access-analyzer account agreement aws-artifact-account-sync auditmanager backup chatbot "
    "cloudtrail compute-optimizer config config-multiaccountsetup controltower cost-optimization-hub.bcm detective "
    "devops-guru ds ec2 fms guardduty health iam inspector2 ipam license-management.marketplace license-manager "
    "license-manager-linux-subscriptions license-manager.member-account macie malware-protection.guardduty "
    "member.org.stacksets.cloudformation mgn networkmanager observabilityadmin ram "
    "reachabilityanalyzer.networkinsights reporting.trustedadvisor resource-explorer-2 securityhub securitylake "
    "servicecatalog servicequotas ssm "
    "sso stacksets.cloudformation storage-lens.s3 tagpolicies.tag wellarchitected"
)
_DELEGATED = (
    "access-analyzer account auditmanager backup cloudtrail compute-optimizer config config-multiaccountsetup "
    "cost-optimization-hub.bcm detective devops-guru ec2 fms guardduty health iam inspector2 ipam license-manager "
    "license-manager-linux-subscriptions macie member.org.stacksets.cloudformation networkmanager observabilityadmin "
    "reachabilityanalyzer.networkinsights reporting.trustedadvisor resource-explorer-2 securityhub securitylake "
    "servicecatalog ssm sso storage-lens.s3"
)
# One delegated administrator for the whole organization.
_SINGLE = "access-analyzer account auditmanager detective guardduty inspector2 ipam macie securityhub sso"


def _principals(names: str) -> frozenset[str]:
    return frozenset(f"{name}.amazonaws.com" for name in names.split())


TRUSTED = _principals(_TRUSTED)
DELEGATED = _principals(_DELEGATED)
SINGLE = _principals(_SINGLE)
