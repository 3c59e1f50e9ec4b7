"""Services of AWS that act with a role of an account: does the role trust them, and who are they then?"""

from emulator.authorization import documents, policies_of
from emulator.authorization.evaluation import TRUST, Policies, Request, decide
from emulator.authorization.needs import Values
from emulator.authorization.principals import Principal
from emulator.authorization.services import iam
from emulator.world.caller import Caller


def session(service: str, role_arn: str) -> Caller | None:
    """The session that the service opens, or None when the role does not trust it (or is not there)."""
    name = f"{service}.amazonaws.com"
    role, account = iam.role(role_arn), role_arn.split(":")[4]
    if role is None or not _trusts(documents.read(str(role.assume_role_policy_document)), name, role_arn, account):
        return None
    short = role_arn.rpartition("/")[2]
    return Caller(
        account=account,
        principal_arn=f"arn:aws:sts::{account}:assumed-role/{short}/{name.partition('.')[0]}",
        user_id=f"{role.id}:{service}",
        role_arn=role_arn,
        session_name=service,
    )


def _trusts(document: documents.Document, name: str, role_arn: str, account: str) -> bool:
    values: Values = {
        "aws:principalisawsservice": ("true",),
        "aws:principalservicename": (name,),
        "aws:sourceaccount": (account,),
    }
    request = Request(Principal(service=name), "sts:AssumeRole", role_arn, values.get)
    control = policies_of.organization(account, policies_of.RESOURCE_CONTROL_TYPE)
    policies = Policies(
        identity=None, resource=document, resource_kind=TRUST, resource_must_allow=True, resource_control=control
    )
    return decide(request, policies).allowed
