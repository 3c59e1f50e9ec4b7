"""AWS's order of evaluation, rule by rule. Each row names the rule; the documents are as small as they can be."""

import pytest

from emulator.authorization.evaluation import TRUST, Policies
from tests.emulator.authorization.tables import (
    ALL,
    FORBIDDEN,
    HOME,
    KMS_ONLY,
    NOTHING,
    OTHER,
    ROLE_ARN,
    ROOT,
    S3_ONLY,
    SERVICE,
    SESSION,
    SESSION_ARN,
    USER,
    Row,
    allow,
    deny,
    doc,
    to,
)

IDENTITY, BOUNDARY = "identity-based policy", "permissions boundary"
SCP, RCP, RESOURCE = "service control policy", "resource control policy", "resource-based policy"
ACCOUNT_ROOT = f"arn:aws:iam::{HOME}:root"

ROWS = (
    # Identity policies
    Row("what nobody allows is denied", f"implicit: {IDENTITY}"),
    Row("an Allow of the caller's own policy is enough", "allow", policies=Policies(identity=(ALL,))),
    Row("of several policies one Allow is enough", "allow", policies=Policies(identity=(KMS_ONLY, S3_ONLY))),
    Row(
        "a Deny beats every Allow",
        f"explicit: {IDENTITY}",
        policies=Policies(identity=(ALL, doc(deny("s3:Get*")))),
    ),
    Row("another service is not allowed", f"implicit: {IDENTITY}", policies=Policies(identity=(KMS_ONLY,))),
    Row("a root user needs no policy of its own", "allow", who=ROOT, policies=Policies(identity=None)),
    # Permissions boundaries
    Row(
        "a boundary that does not allow denies",
        f"implicit: {BOUNDARY}",
        policies=Policies(identity=(ALL,), boundary=KMS_ONLY),
    ),
    Row("a boundary grants nothing", f"implicit: {IDENTITY}", policies=Policies(boundary=ALL)),
    Row("both must allow, and do", "allow", policies=Policies(identity=(S3_ONLY,), boundary=S3_ONLY)),
    Row(
        "a Deny in the boundary denies",
        f"explicit: {BOUNDARY}",
        policies=Policies(identity=(ALL,), boundary=doc(allow(), deny("s3:*"))),
    ),
    Row("a boundary that was deleted allows nothing", f"implicit: {BOUNDARY}", policies=Policies((ALL,), NOTHING)),
    # Session policies
    Row(
        "a session policy that does not allow denies",
        "implicit: session policy",
        who=SESSION,
        policies=Policies(identity=(ALL,), session=(KMS_ONLY,)),
    ),
    Row(
        "a session policy grants nothing",
        f"implicit: {IDENTITY}",
        who=SESSION,
        policies=Policies(session=(ALL,)),
    ),
    Row(
        "of several session policies one Allow is enough",
        "allow",
        who=SESSION,
        policies=Policies(identity=(ALL,), session=(KMS_ONLY, S3_ONLY)),
    ),
    Row(
        "identity, boundary and session policy must all allow",
        f"implicit: {BOUNDARY}",
        who=SESSION,
        policies=Policies(identity=(ALL,), boundary=KMS_ONLY, session=(ALL,)),
    ),
    # Service control policies
    Row(
        "a Deny in a service control policy denies",
        f"explicit: {SCP}",
        policies=Policies(identity=(ALL,), service_control=((ALL,), (ALL, FORBIDDEN))),
    ),
    Row(
        "a service control policy binds the root user of a member",
        f"explicit: {SCP}",
        who=ROOT,
        policies=Policies(identity=None, service_control=((ALL, FORBIDDEN),)),
    ),
    Row(
        "every level from the root to the account must allow",
        f"implicit: {SCP}",
        policies=Policies(identity=(ALL,), service_control=((ALL,), (KMS_ONLY,), (ALL,))),
    ),
    Row(
        "the root user needs the Allow of every level too",
        f"implicit: {SCP}",
        who=ROOT,
        policies=Policies(identity=None, service_control=((ALL,), (KMS_ONLY,))),
    ),
    Row(
        "on one level one Allow is enough",
        "allow",
        policies=Policies(identity=(ALL,), service_control=((ALL,), (KMS_ONLY, S3_ONLY))),
    ),
    Row(
        "a service control policy grants nothing",
        f"implicit: {IDENTITY}",
        policies=Policies(service_control=((ALL,), (ALL,))),
    ),
    Row(
        "it also limits what a resource's policy grants to the caller by name",
        f"explicit: {SCP}",
        policies=Policies(service_control=((ALL, FORBIDDEN),), resource=doc(to(USER.arn))),
    ),
    # Resource control policies
    Row(
        "a Deny in a resource control policy denies",
        f"explicit: {RCP}",
        policies=Policies(identity=(ALL,), resource_control=((doc(allow(Principal="*"), deny(Principal="*")),),)),
    ),
    Row(
        "every level of resource control policies must allow",
        f"implicit: {RCP}",
        policies=Policies(identity=(ALL,), resource_control=((doc(allow(Principal="*")),), (NOTHING,))),
    ),
    Row(
        "it denies callers from outside, whatever the bucket allows",
        f"explicit: {RCP}",
        owner=OTHER,
        policies=Policies(
            identity=(ALL,),
            resource=doc(to("*")),
            resource_control=((doc(allow(Principal="*"), deny("s3:*", Principal="*")),),),
        ),
    ),
    # Resource policies inside one account
    Row("a resource's policy grants to a user by name", "allow", policies=Policies(resource=doc(to(USER.arn)))),
    Row("everybody includes the user", "allow", policies=Policies(resource=doc(to("*")))),
    Row(
        "the account alone leaves it to identity policies",
        f"implicit: {IDENTITY}",
        policies=Policies(resource=doc(to(ACCOUNT_ROOT))),
    ),
    Row(
        "the account by its number means the same",
        f"implicit: {IDENTITY}",
        policies=Policies(resource=doc(to(HOME))),
    ),
    Row(
        "another user of the account gets nothing from it",
        f"implicit: {IDENTITY}",
        policies=Policies(resource=doc(to(f"arn:aws:iam::{HOME}:user/bo"))),
    ),
    Row(
        "a Deny in a resource's policy denies",
        f"explicit: {RESOURCE}",
        policies=Policies(identity=(ALL,), resource=doc(deny(Principal="*"))),
    ),
    Row(
        "it denies the root user of the same account too",
        f"explicit: {RESOURCE}",
        who=ROOT,
        policies=Policies(identity=None, resource=doc(deny(Principal="*"))),
    ),
    Row(
        "a Deny for the account hits its users",
        f"explicit: {RESOURCE}",
        policies=Policies(identity=(ALL,), resource=doc(deny(Principal={"AWS": ACCOUNT_ROOT}))),
    ),
    Row(
        "a Deny for a role hits its sessions",
        f"explicit: {RESOURCE}",
        who=SESSION,
        policies=Policies(identity=(ALL,), resource=doc(deny(Principal={"AWS": ROLE_ARN}))),
    ),
    Row(
        "a Deny for somebody else does not matter",
        "allow",
        policies=Policies(identity=(ALL,), resource=doc(deny(Principal={"AWS": ROLE_ARN}))),
    ),
    Row("a grant to the role reaches its session", "allow", who=SESSION, policies=Policies(resource=doc(to(ROLE_ARN)))),
    Row(
        "a grant to the role's unique id reaches its session",
        "allow",
        who=SESSION,
        policies=Policies(resource=doc(to("AROAWORKER"))),
    ),
    Row(
        "a grant to a user is not limited by the boundary's silence",
        "allow",
        policies=Policies(boundary=KMS_ONLY, resource=doc(to(USER.arn))),
    ),
    Row(
        "a grant to a role is limited by the boundary's silence",
        f"implicit: {BOUNDARY}",
        who=SESSION,
        policies=Policies(boundary=KMS_ONLY, resource=doc(to(ROLE_ARN))),
    ),
    Row(
        "a grant to a role is limited by the session policy's silence",
        "implicit: session policy",
        who=SESSION,
        policies=Policies(session=(KMS_ONLY,), resource=doc(to(ROLE_ARN))),
    ),
    Row(
        "a grant to the session itself is limited by neither",
        "allow",
        who=SESSION,
        policies=Policies(boundary=KMS_ONLY, session=(KMS_ONLY,), resource=doc(to(SESSION_ARN))),
    ),
    Row(
        "but an explicit Deny of the boundary counts against it",
        f"explicit: {BOUNDARY}",
        who=SESSION,
        policies=Policies(boundary=FORBIDDEN, resource=doc(to(SESSION_ARN))),
    ),
    # Across accounts
    Row(
        "across accounts the caller's own policy is not enough",
        f"implicit: {RESOURCE}",
        owner=OTHER,
        policies=Policies(identity=(ALL,)),
    ),
    Row(
        "across accounts the resource's policy is not enough",
        f"implicit: {IDENTITY}",
        owner=OTHER,
        policies=Policies(resource=doc(to(USER.arn))),
    ),
    Row(
        "across accounts both allow",
        "allow",
        owner=OTHER,
        policies=Policies(identity=(ALL,), resource=doc(to(ACCOUNT_ROOT))),
    ),
    Row(
        "across accounts a grant to the session does not replace its identity policies",
        f"implicit: {IDENTITY}",
        who=SESSION,
        owner=OTHER,
        policies=Policies(resource=doc(to(SESSION_ARN))),
    ),
    Row(
        "across accounts the boundary's silence denies",
        f"implicit: {BOUNDARY}",
        owner=OTHER,
        policies=Policies(identity=(ALL,), boundary=KMS_ONLY, resource=doc(to(USER.arn))),
    ),
    Row(
        "across accounts a root user needs the resource's policy",
        f"implicit: {RESOURCE}",
        who=ROOT,
        owner=OTHER,
        policies=Policies(identity=None),
    ),
    # Resources whose policy is the only source of access
    Row(
        "a key's policy that names nobody shuts out the root user too",
        f"implicit: {RESOURCE}",
        who=ROOT,
        action="kms:Decrypt",
        policies=Policies(identity=None, resource=NOTHING, resource_must_allow=True),
    ),
    Row(
        "a key's policy that names the account leaves it to identity policies",
        "allow",
        action="kms:Decrypt",
        policies=Policies(identity=(KMS_ONLY,), resource=doc(to(ACCOUNT_ROOT)), resource_must_allow=True),
    ),
    Row(
        "and an identity policy alone opens no key",
        f"implicit: {RESOURCE}",
        action="kms:Decrypt",
        policies=Policies(identity=(ALL,), resource=NOTHING, resource_must_allow=True),
    ),
    Row(
        "a grant on the key opens it",
        "allow",
        action="kms:Decrypt",
        policies=Policies(resource=NOTHING, resource_must_allow=True, granted=True),
    ),
    Row(
        "but not against a Deny in the key's policy",
        f"explicit: {RESOURCE}",
        action="kms:Decrypt",
        policies=Policies(resource=doc(deny(Principal="*")), resource_must_allow=True, granted=True),
    ),
    Row(
        "a role's trust policy must let the caller in",
        f"implicit: {TRUST}",
        action="sts:AssumeRole",
        policies=Policies(identity=(ALL,), resource=NOTHING, resource_kind=TRUST, resource_must_allow=True),
    ),
    Row(
        "a trust policy that names the user suffices inside the account",
        "allow",
        action="sts:AssumeRole",
        policies=Policies(resource=doc(to(USER.arn)), resource_kind=TRUST, resource_must_allow=True),
    ),
    Row(
        "one that names the account needs the user's policy as well",
        f"implicit: {IDENTITY}",
        action="sts:AssumeRole",
        policies=Policies(resource=doc(to(ACCOUNT_ROOT)), resource_kind=TRUST, resource_must_allow=True),
    ),
    Row(
        "across accounts the user's policy is needed even where the trust policy names the user",
        f"implicit: {IDENTITY}",
        action="sts:AssumeRole",
        owner=OTHER,
        policies=Policies(resource=doc(to(USER.arn)), resource_kind=TRUST, resource_must_allow=True),
    ),
    # Who is named
    Row(
        "a service is named by its principal",
        "allow",
        who=SERVICE,
        owner="",
        policies=Policies(identity=None, resource=doc(allow(Principal={"Service": "backup.amazonaws.com"}))),
    ),
    Row(
        "NotPrincipal spares the user whose account is listed too",
        "allow",
        policies=Policies(identity=(ALL,), resource=doc(deny(NotPrincipal={"AWS": [USER.arn, ACCOUNT_ROOT]}))),
    ),
    Row(
        "NotPrincipal without the account denies the user as part of it",
        f"explicit: {RESOURCE}",
        policies=Policies(identity=(ALL,), resource=doc(deny(NotPrincipal={"AWS": USER.arn}))),
    ),
    Row(
        "NotPrincipal spares a session when session, role and account are listed",
        "allow",
        who=SESSION,
        policies=Policies(
            identity=(ALL,), resource=doc(deny(NotPrincipal={"AWS": [SESSION_ARN, ROLE_ARN, ACCOUNT_ROOT]}))
        ),
    ),
    Row(
        "NotPrincipal with the role only denies its session",
        f"explicit: {RESOURCE}",
        who=SESSION,
        policies=Policies(identity=(ALL,), resource=doc(deny(NotPrincipal={"AWS": [ROLE_ARN, ACCOUNT_ROOT]}))),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.rule)
def test_the_order_of_evaluation(row: Row) -> None:
    assert row.decided() == row.expected


def test_the_rules_have_names_of_their_own() -> None:
    assert len({row.rule for row in ROWS}) == len(ROWS)
