"""Names, ARNs, roles, connections and errors: small things that several accounts must agree on."""

import ast
import inspect
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airlock.domain import arns, errors, names, quorum, roles
from airlock.domain.connection import Connection
from airlock.domain.errors import AirlockError, UsageError
from airlock.domain.regions import supports_lag
from airlock.domain.retention import Bounds, misfit
from airlock.domain.vault_protection import DENIED_ACTIONS

DOMAIN = Path(errors.__file__).parent


def test_the_domain_needs_nothing_but_the_standard_library() -> None:
    for path in DOMAIN.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for module in modules:
                top = module.partition(".")[0]
                assert top in sys.stdlib_module_names or module.startswith("airlock.domain"), f"{path.name}: {module}"


def test_every_error_stands_in_the_tree_with_its_exit_code() -> None:
    drawn = dict(
        line.replace("*", "").split()[:2]
        for line in (errors.__doc__ or "").splitlines()
        if line.strip().startswith("*")
    )
    defined = [found for _, found in inspect.getmembers(errors, inspect.isclass) if found.__module__ == errors.__name__]
    classes = {found.__name__: found for found in defined if issubclass(found, AirlockError)}
    assert len(classes) == len(defined), "an error outside the tree would end in a traceback"
    assert drawn == {name: str(found.exit_code) for name, found in classes.items()}


def test_a_refusal_keeps_what_aws_called_it() -> None:
    refused = errors.NotFound("There is none.", code="ResourceNotFoundException", operation="GetSession")
    assert (refused.code, refused.operation, refused.exit_code) == ("ResourceNotFoundException", "GetSession", 1)


def test_a_role_reads_only_roles_that_are_deployed_before_it() -> None:
    assert set(roles.UPSTREAMS) == set(roles.ROLES)
    for role, upstreams in roles.UPSTREAMS.items():
        for upstream in upstreams:
            assert roles.order(upstream) < roles.order(role), f"{role} would read {upstream} before it exists"
    with pytest.raises(UsageError, match="`king` does not exist"):
        roles.order("king")


@given(
    vault=st.from_regex(r"[A-Za-z0-9_-]{2,50}", fullmatch=True),
    incident=st.text(min_size=1, max_size=60),
    n=st.integers(1, 9999),
)
def test_an_access_vault_name_is_one_that_aws_takes(vault: str, incident: str, n: int) -> None:
    try:
        name = names.access_vault_name(vault, incident, n)
    except UsageError:
        assert not any(character.isascii() and character.isalnum() for character in incident)
        return
    assert names.VAULT_NAME.fullmatch(name), name
    assert name.endswith(f"-{n}"), "the number is what makes the name new"
    assert name != names.access_vault_name(vault, incident, n + 1)


def test_an_access_vault_is_named_after_vault_and_incident() -> None:
    assert names.access_vault_name("payments-2026", "INC 4711/b", 2) == "payments-2026-INC-4711-b-2"
    with pytest.raises(UsageError, match="counted from 1"):
        names.access_vault_name("payments-2026", "INC-1", 0)


def test_an_owner_tag_tells_two_stacks_apart() -> None:
    assert names.owner_tag("airlock", "recovery", "quorum") == "airlock/recovery/quorum"


def test_arns_are_read_back_as_they_were_written() -> None:
    arn = arns.vault_arn("eu-west-1", "444444444444", "payments-2026")
    assert arn == "arn:aws:backup:eu-west-1:444444444444:backup-vault:payments-2026"
    parsed = arns.parse(arn)
    assert (parsed.region, parsed.account, parsed.name) == ("eu-west-1", "444444444444", "payments-2026")
    assert str(parsed) == arn
    assert arns.parse(arns.role_arn("111111111111", "airlock-deploy")).name == "airlock-deploy"
    assert arns.parse("arn:aws:dynamodb:eu-west-1:4:table/ledger").name == "ledger"
    assert arns.parse("arn:aws:s3:::bucket").name == "bucket"
    assert arns.team_arn_pattern("777777777777", "quorum") == (
        "arn:aws:mpa:us-east-1:777777777777:approval-team/quorum-*"
    )


@pytest.mark.parametrize("text", ["", "payments-2026", "arn:aws:backup", "arn:aws:s3::4:", "xrn:a:b:c:d:e"])
def test_what_is_no_arn_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not an ARN"):
        arns.parse(text)


def test_a_connection_survives_the_properties_of_a_resource() -> None:
    full = Connection(account_id="1" * 12, region="eu-west-1", profile="audit", role_arn="arn:aws:iam::1:role/x")
    bare = Connection(account_id="1" * 12, region="eu-west-1")
    assert Connection.from_dict(full.to_dict()) == full
    assert bare.to_dict() == {"account_id": "1" * 12, "region": "eu-west-1"}, "a null would read as a change"
    assert Connection.from_dict({**bare.to_dict(), "profile": None, "__provider": "x"}) == bare


@pytest.mark.parametrize(
    ("threshold", "approvers", "words", "fix"),
    [
        (2, 2, "fewer than 3", "name at least 3 people"),
        (1, 3, "one person alone", "set threshold to at least 2"),
        (4, 3, "never be reached", "lower threshold or name more approvers"),
        (3, 3, "absent", "lower threshold or name one more approver"),
        (2, 21, "most 20", "name fewer people"),
    ],
)
def test_a_team_that_cannot_do_its_work_is_refused_with_the_fix(
    threshold: int, approvers: int, words: str, fix: str
) -> None:
    assert any(words in found.problem and found.fix == fix for found in quorum.problems(threshold, approvers))


def test_a_good_team_is_left_alone() -> None:
    assert quorum.problems(2, 3) == []
    assert quorum.problems(2, 20) == [], "AWS takes twenty approvers"


def test_a_point_must_fit_between_the_bounds_of_its_vault() -> None:
    bounds = Bounds(7, 90)
    assert [misfit(days, bounds) for days in (7, 35, 90)] == ["", "", ""]
    assert "shorter" in misfit(6, bounds)
    assert "longer" in misfit(91, bounds)
    assert "no end" in misfit(None, bounds)


def test_bounds_are_checked_before_they_are_for_ever() -> None:
    assert Bounds(7, 7).problem() == ""
    assert "7 or more" in Bounds(6, 90).problem()
    assert "above its maximum" in Bounds(91, 90).problem()
    assert "36500" in Bounds(7, 36501).problem()


def test_regions_without_lag_vaults_are_known() -> None:
    assert supports_lag("eu-west-1")
    assert not supports_lag("ca-west-1")
    assert not supports_lag("us-gov-west-1")


def test_a_local_vault_is_protected_against_its_end_that_of_its_points_and_of_its_own_policy() -> None:
    assert set(DENIED_ACTIONS) == {
        "backup:DeleteBackupVault",
        "backup:DeleteRecoveryPoint",
        "backup:UpdateRecoveryPointLifecycle",
        "backup:PutBackupVaultAccessPolicy",
        "backup:DeleteBackupVaultAccessPolicy",
    }
