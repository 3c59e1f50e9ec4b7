"""Faults on order: what a call meets, what happened by then, and that nobody else notices."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

MANAGEMENT, PAYMENTS = "111111111111", "444444444444"
WAITS = Config(read_timeout=60)


def order(emulator: Any, service: str, operation: str, effect: str, **members: Any) -> list[dict[str, Any]]:
    document = {"service": service, "operation": operation, "effect": effect, **members}
    faults: list[dict[str, Any]] = emulator.control("POST", "faults", document)["faults"]
    return faults


def standing(emulator: Any) -> list[tuple[str, int, int]]:
    """Of each fault: operation, times left, calls held."""
    faults = emulator.control("GET", "faults")["faults"]
    return [(fault["operation"], fault["times"], fault["held"]) for fault in faults]


def until(condition: Callable[[], bool]) -> None:
    """Ask again and again; each question is a call to the emulator, so this is no busy loop."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "the emulator never came to the moment that the test waits for"


def code_of(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    response = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def vaults(emulator: Any) -> list[str]:
    found = emulator.client("backup", PAYMENTS).list_backup_vaults()["BackupVaultList"]
    return [vault["BackupVaultName"] for vault in found]


def create(emulator: Any, name: str = "orders") -> Any:
    return emulator.client("backup", PAYMENTS, config=WAITS).create_backup_vault(BackupVaultName=name)


@pytest.fixture
def aside(emulator: Any) -> Iterator[Callable[..., Future[Any]]]:
    """Make calls beside the test; whatever is still held at the end is let go."""
    with ThreadPoolExecutor(4) as pool:
        yield pool.submit
        emulator.control("DELETE", "faults")


CALLS: dict[str, Callable[[Any], Any]] = {
    "mpa:ListApprovalTeams": lambda emulator: emulator.client("mpa").list_approval_teams(),
    "backup:ListBackupVaults": lambda emulator: emulator.client("backup").list_backup_vaults(),
    "ram:ListPermissions": lambda emulator: emulator.client("ram").list_permissions(),
    "organizations:ListAccounts": lambda emulator: emulator.client("organizations").list_accounts(),
    "sts:GetCallerIdentity": lambda emulator: emulator.client("sts").get_caller_identity(),
    "iam:ListUsers": lambda emulator: emulator.client("iam").list_users(),
    "kms:ListKeys": lambda emulator: emulator.client("kms").list_keys(),
    "s3:ListBuckets": lambda emulator: emulator.client("s3").list_buckets(),
    "ec2:DescribeVolumes": lambda emulator: emulator.client("ec2").describe_volumes(),
    "dynamodb:ListTables": lambda emulator: emulator.client("dynamodb").list_tables(),
    "sns:ListTopics": lambda emulator: emulator.client("sns").list_topics(),
    "sso:ListInstances": lambda emulator: emulator.client("sso-admin").list_instances(),
}


class TestErrors:
    @pytest.mark.parametrize(
        ("action", "throttle", "deny", "error"),
        [
            (
                "mpa:ListApprovalTeams",
                ("ThrottlingException", 429),
                ("AccessDeniedException", 403),
                ("InternalServerException", 500),
            ),
            (
                "backup:ListBackupVaults",
                ("ThrottlingException", 400),
                ("AccessDeniedException", 403),
                ("InternalFailure", 500),
            ),
            (
                "ram:ListPermissions",
                ("ThrottlingException", 429),
                ("AccessDeniedException", 403),
                ("ServerInternalException", 500),
            ),
            (
                "organizations:ListAccounts",
                ("TooManyRequestsException", 400),
                ("AccessDeniedException", 400),
                ("InternalFailure", 500),
            ),
            ("sts:GetCallerIdentity", ("Throttling", 400), ("AccessDenied", 403), ("InternalFailure", 500)),
            ("iam:ListUsers", ("Throttling", 400), ("AccessDenied", 403), ("ServiceFailure", 500)),
            (
                "kms:ListKeys",
                ("ThrottlingException", 400),
                ("AccessDeniedException", 400),
                ("KMSInternalException", 500),
            ),
            ("s3:ListBuckets", ("SlowDown", 503), ("AccessDenied", 403), ("InternalError", 500)),
            (
                "ec2:DescribeVolumes",
                ("RequestLimitExceeded", 503),
                ("UnauthorizedOperation", 403),
                ("InternalError", 500),
            ),
            (
                "dynamodb:ListTables",
                ("ThrottlingException", 400),
                ("AccessDeniedException", 400),
                ("InternalServerError", 500),
            ),
            ("sns:ListTopics", ("Throttled", 429), ("AccessDenied", 403), ("InternalError", 500)),
            (
                "sso:ListInstances",
                ("ThrottlingException", 400),
                ("AccessDeniedException", 400),
                ("InternalServerException", 500),
            ),
        ],
    )
    def test_each_service_says_them_in_its_own_words_and_only_as_often_as_ordered(
        self, emulator: Any, action: str, throttle: Any, deny: Any, error: Any
    ) -> None:
        emulator.seed()
        service, _, operation = action.partition(":")
        for effect, expected in (("throttle", throttle), ("deny", deny), ("error", error)):
            order(emulator, service, operation, effect)
            with pytest.raises(ClientError) as met:
                CALLS[action](emulator)
            assert code_of(met) == expected
            CALLS[action](emulator)

    def test_a_denial_names_who_and_what(self, emulator: Any) -> None:
        order(emulator, "backup", "CreateBackupVault", "deny")
        with pytest.raises(ClientError, match=rf"arn:aws:iam::{PAYMENTS}:root .* backup:CreateBackupVault"):
            create(emulator)

    @pytest.mark.parametrize("effect", ["throttle", "deny", "error"])
    def test_nothing_has_happened_and_the_ledger_has_the_error(self, emulator: Any, effect: str) -> None:
        order(emulator, "backup", "CreateBackupVault", effect)
        with pytest.raises(ClientError) as met:
            create(emulator)
        [call] = emulator.calls()
        assert (call["operation"], call["account"], call["error"]) == ("CreateBackupVault", PAYMENTS, code_of(met)[0])
        assert vaults(emulator) == []

    def test_times_counts_down_and_other_operations_are_spared(self, emulator: Any) -> None:
        order(emulator, "backup", "CreateBackupVault", "throttle", times=2)
        assert vaults(emulator) == []
        for left in (2, 1):
            assert standing(emulator) == [("CreateBackupVault", left, 0)]
            with pytest.raises(ClientError, match="ThrottlingException"):
                create(emulator)
        assert standing(emulator) == []
        create(emulator)

    def test_a_star_means_every_operation_of_that_service(self, emulator: Any) -> None:
        order(emulator, "backup", "*", "error", times=2)
        emulator.client("sts").get_caller_identity()
        for call in (lambda: create(emulator), lambda: vaults(emulator)):
            with pytest.raises(ClientError, match="InternalFailure"):
                call()

    def test_faults_are_met_in_the_order_in_which_they_were_ordered(self, emulator: Any) -> None:
        order(emulator, "backup", "*", "throttle")
        order(emulator, "backup", "CreateBackupVault", "error")
        for code in ("ThrottlingException", "InternalFailure"):
            with pytest.raises(ClientError, match=code):
                create(emulator)

    def test_a_call_that_is_not_admitted_uses_no_fault_up(self, emulator: Any) -> None:
        order(emulator, "backup", "ListBackupVaults", "error")
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            emulator.client("backup", "AKIAIOSFODNN7EXAMPLE").list_backup_vaults()
        assert standing(emulator) == [("ListBackupVaults", 1, 0)]

    def test_a_client_that_retries_gets_through(self, emulator: Any) -> None:
        order(emulator, "backup", "CreateBackupVault", "throttle", times=2)
        patient = emulator.client("backup", PAYMENTS, config=Config(retries={"total_max_attempts": 3}))
        patient.create_backup_vault(BackupVaultName="orders")
        assert [call["error"] for call in emulator.calls()] == ["ThrottlingException", "ThrottlingException", ""]


class TestCrashes:
    def test_a_crash_before_leaves_nothing_behind(self, emulator: Any) -> None:
        order(emulator, "backup", "CreateBackupVault", "crash_before")
        with pytest.raises(ConnectionClosedError):
            create(emulator)
        assert emulator.calls() == []
        assert vaults(emulator) == []

    def test_a_crash_after_has_taken_effect(self, emulator: Any) -> None:
        order(emulator, "backup", "CreateBackupVault", "crash_after")
        with pytest.raises(ConnectionClosedError):
            create(emulator)
        assert vaults(emulator) == ["orders"]
        assert [call["error"] for call in emulator.calls()] == ["", ""]

    def test_a_retry_after_a_lost_answer_meets_what_its_first_attempt_made(self, emulator: Any) -> None:
        order(emulator, "iam", "CreateUser", "crash_after")
        patient = emulator.client("iam", PAYMENTS, config=Config(retries={"total_max_attempts": 2}))
        with pytest.raises(ClientError, match="EntityAlreadyExists"):
            patient.create_user(UserName="ada")

    def test_a_retry_with_the_same_token_gets_the_answer_that_was_lost(self, emulator: Any) -> None:
        order(emulator, "backup", "CreateBackupVault", "crash_after")
        patient = emulator.client("backup", PAYMENTS, config=Config(retries={"total_max_attempts": 2}))
        assert patient.create_backup_vault(BackupVaultName="orders")["BackupVaultName"] == "orders"
        assert [call["error"] for call in emulator.calls()] == ["", ""]

    def test_a_refused_call_can_lose_its_answer_too(self, emulator: Any) -> None:
        order(emulator, "backup", "DeleteBackupVault", "crash_after")
        with pytest.raises(ConnectionClosedError):
            emulator.client("backup", PAYMENTS).delete_backup_vault(BackupVaultName="none")
        assert [call["error"] for call in emulator.calls()] == ["ResourceNotFoundException"]
        assert standing(emulator) == []


class TestTimeouts:
    def test_a_held_call_happens_when_the_fault_is_lifted_and_others_go_on_meanwhile(
        self, emulator: Any, aside: Any
    ) -> None:
        order(emulator, "backup", "CreateBackupVault", "timeout")
        held = aside(create, emulator)
        until(lambda: standing(emulator) == [("CreateBackupVault", 0, 1)])
        assert vaults(emulator) == []
        assert not held.done()
        assert emulator.control("DELETE", "faults") == {"faults": []}
        assert held.result(timeout=20)["BackupVaultName"] == "orders"
        assert vaults(emulator) == ["orders"]

    def test_after_means_that_only_the_answer_is_held(self, emulator: Any, aside: Any) -> None:
        order(emulator, "backup", "CreateBackupVault", "timeout", after=True)
        held = aside(create, emulator)
        until(lambda: standing(emulator) == [("CreateBackupVault", 0, 1)])
        assert vaults(emulator) == ["orders"]
        assert not held.done()
        emulator.control("DELETE", "faults")
        assert held.result(timeout=20)["BackupVaultName"] == "orders"
        assert [call["operation"] for call in emulator.calls()].count("CreateBackupVault") == 1

    def test_a_client_that_gives_up_is_dropped_and_nothing_has_happened(self, emulator: Any) -> None:
        order(emulator, "backup", "CreateBackupVault", "timeout")
        with pytest.raises(ReadTimeoutError):
            emulator.client("backup", PAYMENTS, config=Config(read_timeout=0.5)).create_backup_vault(
                BackupVaultName="orders"
            )
        until(lambda: standing(emulator) == [])
        assert vaults(emulator) == []

    def test_only_the_named_fault_is_lifted(self, emulator: Any, aside: Any) -> None:
        order(emulator, "backup", "CreateBackupVault", "timeout", after=True)
        order(emulator, "backup", "DeleteBackupVault", "timeout")
        order(emulator, "mpa", "*", "error", times=3)
        held = aside(create, emulator)
        until(lambda: ("CreateBackupVault", 0, 1) in standing(emulator))
        left = emulator.control("DELETE", "faults", {"service": "backup", "operation": "DeleteBackupVault"})["faults"]
        assert [(fault["service"], fault["operation"]) for fault in left] == [
            ("backup", "CreateBackupVault"),
            ("mpa", "*"),
        ]
        assert not held.done()
        emulator.control("DELETE", "faults", {"service": "backup"})
        held.result(timeout=20)
        assert standing(emulator) == [("*", 3, 0)]

    def test_a_reset_drops_what_is_held_and_forgets_the_faults(self, emulator: Any, aside: Any) -> None:
        order(emulator, "backup", "CreateBackupVault", "timeout", times=2)
        held = aside(create, emulator)
        until(lambda: standing(emulator) == [("CreateBackupVault", 1, 1)])
        emulator.reset()
        with pytest.raises(ConnectionClosedError):
            held.result(timeout=20)
        assert (standing(emulator), vaults(emulator)) == ([], [])


class TestOrders:
    GOOD = {"service": "backup", "operation": "CreateBackupVault", "effect": "throttle"}  # noqa: RUF012 - never changed

    @pytest.mark.parametrize(
        ("change", "complaint"),
        [
            ({"service": "tea"}, "AWS has no service 'tea'"),
            ({"service": None}, "'service' must be a text"),
            ({"operation": "BrewTea"}, "has no operation 'BrewTea'"),
            ({"operation": ""}, "'operation' must be a text"),
            ({"effect": "explode"}, "must be one of throttle, deny"),
            ({"times": 0}, "must be 1 or more"),
            ({"times": 1.5}, "must be a whole number"),
            ({"times": True}, "must be a whole number"),
            ({"after": "yes"}, "must be true or false"),
            ({"after": True}, "belongs to the effect 'timeout'"),
            ({"tmies": 3}, "no member 'tmies'"),
        ],
    )
    def test_an_order_that_makes_no_sense_is_one_clear_400(
        self, emulator: Any, change: dict[str, Any], complaint: str
    ) -> None:
        with pytest.raises(Exception, match=r"^400: ") as refused:
            emulator.control("POST", "faults", {**self.GOOD, **change})
        failure: Any = refused.value
        assert complaint in failure.document["error"]
        assert standing(emulator) == []

    @pytest.mark.parametrize("body", [{"service": "tea"}, {"effect": "deny"}, {"operation": 7}])
    def test_lifting_what_cannot_exist_is_400(self, emulator: Any, body: dict[str, Any]) -> None:
        with pytest.raises(Exception, match=r"^400: "):
            emulator.control("DELETE", "faults", body)
