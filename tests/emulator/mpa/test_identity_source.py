"""The identity source: one an account, of a real Identity Center, in the management account."""

import pytest

from tests.emulator.conftest import LANDING, MANAGEMENT, Emulator
from tests.emulator.worlds.recovery import Recovery, code_of, refused, status_of, strict_client


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


def center(instance_arn: str, region: str = "us-east-1") -> dict[str, object]:
    return {"IdentitySourceParameters": {"IamIdentityCenter": {"InstanceArn": instance_arn, "Region": region}}}


UNKNOWN = "arn:aws:sso:::instance/ssoins-0000000000000000"


def instance_of(recovery: Recovery) -> str:
    source = recovery.mpa.get_identity_source(IdentitySourceArn=recovery.source_arn)
    return str(source["IdentitySourceParameters"]["IamIdentityCenter"]["InstanceArn"])


def test_it_is_created_and_then_active_with_the_address_of_the_portal(recovery: Recovery) -> None:
    first, second = (recovery.mpa.get_identity_source(IdentitySourceArn=recovery.source_arn) for _ in range(2))
    assert (first["Status"], second["Status"]) == ("CREATING", "ACTIVE")
    url = second["IdentitySourceParameters"]["IamIdentityCenter"]["ApprovalPortalUrl"]
    assert url == f"{recovery.emulator.url}/portal/"
    assert recovery.source_arn == "arn:aws:mpa:us-east-1:777777777777:identity-source/IamIdentityCenter"
    listed = recovery.mpa.list_identity_sources()["IdentitySources"]
    assert [source["IdentitySourceArn"] for source in listed] == [recovery.source_arn]


def test_a_second_one_exceeds_the_quota(recovery: Recovery) -> None:
    error = refused(recovery.mpa.create_identity_source, **center(instance_of(recovery)))
    assert (code_of(error), status_of(error)) == ("ServiceQuotaExceededException", 402)
    assert dict(error.response)["Message"], "Multi-party approval carries the text of an error as Message."


@pytest.mark.parametrize("account", [LANDING, MANAGEMENT], ids=["a member", "an account without Identity Center"])
def test_only_the_management_account_with_the_instance_gets_a_working_one(recovery: Recovery, account: str) -> None:
    mpa = strict_client(recovery.emulator, "mpa", account)
    if account == LANDING:
        error = refused(mpa.create_identity_source, **center(instance_of(recovery)))
        assert (code_of(error), status_of(error)) == ("AccessDeniedException", 403)
        return
    arn = mpa.create_identity_source(**center(instance_of(recovery)))["IdentitySourceArn"]
    mpa.get_identity_source(IdentitySourceArn=arn)
    source = mpa.get_identity_source(IdentitySourceArn=arn)
    assert (source["Status"], source["StatusCode"]) == ("ERROR", "IDC_INSTANCE_NOT_FOUND")


@pytest.mark.parametrize(("arn", "code"), [(UNKNOWN, "IDC_INSTANCE_NOT_FOUND"), ("", "IDC_INSTANCE_NOT_VALID")])
def test_a_wrong_instance_or_region_shows_as_an_error(recovery: Recovery, arn: str, code: str) -> None:
    instance = arn or instance_of(recovery)
    recovery.mpa.delete_identity_source(IdentitySourceArn=recovery.source_arn)
    recovery.mpa.create_identity_source(**center(instance, "us-east-1" if arn else "eu-west-1"))
    recovery.mpa.get_identity_source(IdentitySourceArn=recovery.source_arn)
    source = recovery.mpa.get_identity_source(IdentitySourceArn=recovery.source_arn)
    assert (source["Status"], source["StatusCode"]) == ("ERROR", code)
    team = recovery.create()
    assert recovery.state(team) == ("INACTIVE", "FAILED_VALIDATION"), "A broken source knows no people."


def test_it_cannot_be_deleted_while_a_team_has_people_of_it(recovery: Recovery) -> None:
    arn = recovery.create()
    error = refused(recovery.mpa.delete_identity_source, IdentitySourceArn=recovery.source_arn)
    assert (code_of(error), status_of(error)) == ("ConflictException", 409)
    version = recovery.team(arn)["VersionId"]
    recovery.answer(arn, "ada.lind", "REJECTED")
    recovery.mpa.delete_inactive_approval_team_version(Arn=arn, VersionId=version)
    recovery.mpa.delete_identity_source(IdentitySourceArn=recovery.source_arn)


def test_a_deleted_one_shows_deleting_and_is_gone(recovery: Recovery) -> None:
    recovery.mpa.delete_identity_source(IdentitySourceArn=recovery.source_arn)
    assert recovery.mpa.get_identity_source(IdentitySourceArn=recovery.source_arn)["Status"] == "DELETING"
    gone = refused(recovery.mpa.get_identity_source, IdentitySourceArn=recovery.source_arn)
    assert (code_of(gone), status_of(gone)) == ("ResourceNotFoundException", 404)
    assert recovery.mpa.list_identity_sources()["IdentitySources"] == []
    recovery.mpa.delete_identity_source(IdentitySourceArn=recovery.source_arn)  # The model has no error for this.


def test_a_token_makes_one_source_and_refuses_another_request(recovery: Recovery) -> None:
    instance = instance_of(recovery)
    recovery.mpa.delete_identity_source(IdentitySourceArn=recovery.source_arn)
    first = recovery.mpa.create_identity_source(**center(instance), ClientToken="t")
    again = recovery.mpa.create_identity_source(**center(instance), ClientToken="t")
    assert first["CreationTime"] == again["CreationTime"]
    error = refused(recovery.mpa.create_identity_source, **center(instance, "eu-west-1"), ClientToken="t")
    assert code_of(error) == "ValidationException"
