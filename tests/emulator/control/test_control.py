"""The control interface: seed, reset, people, mailbox, and how it refuses."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

MANAGEMENT, RECOVERY, PAYMENTS = "111111111111", "777777777777", "444444444444"
ROOT = Path(__file__).parents[3]


def refused(emulator: Any, method: str, path: str, document: Any = None) -> tuple[int, str]:
    """The status and message of a call that must be refused."""
    with pytest.raises(Exception, match=r"^4\d\d: ") as error:
        emulator.control(method, path, document)
    failure: Any = error.value
    return failure.status, failure.document["error"]


class TestSeed:
    def test_it_fills_in_the_ids_of_aws(self, emulator: Any) -> None:
        seeded = emulator.seed()
        first, second = seeded["organizations"]
        described = emulator.client("organizations", MANAGEMENT).describe_organization()["Organization"]
        assert (described["Id"], described["FeatureSet"]) == (first["organization_id"], "ALL")
        assert second["organization_id"] != first["organization_id"]
        roots = emulator.client("organizations", RECOVERY).list_roots()["Roots"]
        assert [root["Id"] for root in roots] == [second["root_id"]]

    def test_repeating_it_changes_nothing(self, emulator: Any) -> None:
        first = emulator.seed()
        assert emulator.seed() == first
        accounts = emulator.client("organizations", MANAGEMENT).list_accounts()["Accounts"]
        assert len(accounts) == 4, "A repeated seed must not add accounts."

    def test_accounts_lie_in_the_named_units(self, emulator: Any) -> None:
        root = emulator.seed()["organizations"][0]["root_id"]
        client = emulator.client("organizations", MANAGEMENT)
        units = client.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
        assert sorted(unit["Name"] for unit in units) == ["Security", "Workloads"]
        workloads = next(unit["Id"] for unit in units if unit["Name"] == "Workloads")
        accounts = client.list_accounts_for_parent(ParentId=workloads)["Accounts"]
        assert [(account["Id"], account["Name"], account["Email"]) for account in accounts] == [
            (PAYMENTS, "payments", "payments@example.com")
        ]

    def test_people_are_in_the_identity_store_of_the_management_account(self, emulator: Any) -> None:
        center = emulator.seed()["organizations"][1]["identity_center"]
        admin = emulator.client("sso-admin", RECOVERY)
        [instance] = admin.list_instances()["Instances"]
        assert (instance["InstanceArn"], instance["IdentityStoreId"], instance["OwnerAccountId"]) == (
            center["instance_arn"],
            center["identity_store_id"],
            RECOVERY,
        )
        described = admin.describe_instance(InstanceArn=center["instance_arn"])
        assert (described["Status"], described["IdentityStoreId"]) == ("ACTIVE", center["identity_store_id"])
        store = emulator.client("identitystore", RECOVERY)
        found = store.get_user_id(
            IdentityStoreId=center["identity_store_id"],
            AlternateIdentifier={"UniqueAttribute": {"AttributePath": "userName", "AttributeValue": "bo.berg"}},
        )["UserId"]
        assert found == center["users"][1]["user_id"]
        user = store.describe_user(IdentityStoreId=center["identity_store_id"], UserId=found)
        assert (user["UserName"], user["Emails"][0]["Value"]) == ("bo.berg", "bo.berg@recovery.example.com")

    def test_no_other_account_or_region_has_the_identity_center(self, emulator: Any) -> None:
        store_id = emulator.seed()["organizations"][1]["identity_center"]["identity_store_id"]
        assert emulator.client("sso-admin", MANAGEMENT).list_instances()["Instances"] == []
        assert emulator.client("sso-admin", RECOVERY, "eu-west-1").list_instances()["Instances"] == []
        with pytest.raises(Exception, match="ResourceNotFoundException"):
            emulator.client("identitystore", MANAGEMENT).list_users(IdentityStoreId=store_id)

    @pytest.mark.parametrize(
        ("seed", "complaint"),
        [
            ({}, "at least one organization"),
            ({"organizations": "x"}, "must be a list"),
            ({"organizations": [{"management": "123"}]}, "12 digits"),
            ({"organizations": [{"management": MANAGEMENT, "accounts": [{"name": "x"}]}]}, r"accounts[0].id"),
            ({"organizations": [{"management": MANAGEMENT, "accounts": [7]}]}, "must be an object"),
        ],
    )
    def test_a_seed_that_cannot_be_read_is_refused_with_the_place(
        self, emulator: Any, seed: Any, complaint: str
    ) -> None:
        status, message = refused(emulator, "POST", "seed", seed)
        assert status == 400
        assert complaint in message

    def test_an_account_cannot_be_in_two_organizations(self, emulator: Any) -> None:
        emulator.seed()
        twice = {"organizations": [{"management": RECOVERY, "accounts": [{"id": PAYMENTS, "name": "mine"}]}]}
        status, message = refused(emulator, "POST", "seed", twice)
        assert (status, PAYMENTS in message) == (409, True)
        accounts = emulator.client("organizations", RECOVERY).list_accounts()["Accounts"]
        assert len(accounts) == 2, "A refused seed must leave no trace."


class TestReset:
    def test_it_returns_to_the_seed_clock_included(self, emulator: Any) -> None:
        seeded = emulator.seed()
        emulator.client("s3", PAYMENTS).create_bucket(Bucket="gone-after-reset")
        emulator.advance(86_400)
        assert emulator.control("POST", "reset") is None
        now = emulator.control("GET", "health")
        assert (now["status"], now["now"][:10]) == ("ok", time.strftime("%Y-%m-%d", time.gmtime()))
        assert emulator.client("s3", PAYMENTS).list_buckets()["Buckets"] == []
        described = emulator.client("organizations", MANAGEMENT).describe_organization()["Organization"]
        assert described["Id"] == seeded["organizations"][0]["organization_id"]
        assert [call["operation"] for call in emulator.calls()] == ["ListBuckets", "DescribeOrganization"]

    def test_sessions_of_before_are_over(self, emulator: Any) -> None:
        emulator.seed()
        session = emulator.assume(f"arn:aws:iam::{PAYMENTS}:role/OrganizationAccountAccessRole", MANAGEMENT)
        emulator.control("POST", "reset")
        with pytest.raises(Exception, match="InvalidClientTokenId"):
            emulator.client("sts", **session).get_caller_identity()

    def test_it_can_return_to_nothing(self, emulator: Any) -> None:
        emulator.seed()
        emulator.control("POST", "reset", {"to": "nothing"})
        with pytest.raises(Exception, match="AWSOrganizationsNotInUse"):
            emulator.client("organizations", MANAGEMENT).describe_organization()


class TestPeople:
    def test_a_person_can_be_disabled_renamed_and_deleted(self, emulator: Any) -> None:
        center = emulator.seed()["organizations"][1]["identity_center"]
        ada = {"identity_store_id": center["identity_store_id"], "user_id": center["users"][0]["user_id"]}
        store = emulator.client("identitystore", RECOVERY)
        names = {"IdentityStoreId": ada["identity_store_id"], "UserId": ada["user_id"]}
        assert store.describe_user(**names)["UserStatus"] == "ENABLED"
        emulator.control("POST", "people", {**ada, "enabled": False})
        assert store.describe_user(**names)["UserStatus"] == "DISABLED"
        changed = emulator.control("POST", "people", {**ada, "email": "new@recovery.example.com"})
        assert (changed["email"], changed["enabled"]) == ("new@recovery.example.com", False)
        assert store.describe_user(**names)["Emails"][0]["Value"] == "new@recovery.example.com"
        emulator.control("POST", "people", {**ada, "deleted": True})
        with pytest.raises(Exception, match="ResourceNotFoundException"):
            store.describe_user(**names)

    def test_an_unknown_person_is_404(self, emulator: Any) -> None:
        store = emulator.seed()["organizations"][1]["identity_center"]["identity_store_id"]
        unknown = {"identity_store_id": store, "user_id": "nobody", "enabled": True}
        assert refused(emulator, "POST", "people", unknown)[0] == 404
        assert refused(emulator, "GET", "mailbox?identity_id=nobody")[0] == 404

    @pytest.mark.parametrize("change", [{}, {"enabled": "no"}, {"email": 7}])
    def test_a_change_that_says_nothing_is_400(self, emulator: Any, change: dict[str, Any]) -> None:
        assert refused(emulator, "POST", "people", {"identity_store_id": "d-1", "user_id": "u", **change})[0] == 400

    def test_a_new_mailbox_is_empty(self, emulator: Any) -> None:
        ada = emulator.seed()["organizations"][1]["identity_center"]["users"][0]["user_id"]
        assert emulator.control("GET", f"mailbox?identity_id={ada}") == {"mails": []}


class TestVotesAndInvitations:
    def test_an_unknown_team_or_session_is_404(self, emulator: Any) -> None:
        team = f"arn:aws:mpa:us-east-1:{RECOVERY}:approval-team/none-1"
        answer = {"team_arn": team, "identity_id": "nobody", "response": "ACCEPTED"}
        assert refused(emulator, "POST", "invitations", answer)[0] == 404
        vote = {"session_arn": f"{team}/none".replace("approval-team", "session"), "identity_id": "x"}
        assert refused(emulator, "POST", "votes", {**vote, "response": "APPROVED"})[0] == 404

    @pytest.mark.parametrize("response", ["accepted", "APPROVED", None, 1])
    def test_an_answer_that_nobody_can_give_is_400(self, emulator: Any, response: Any) -> None:
        answer = {"team_arn": "arn", "identity_id": "x", "response": response}
        assert refused(emulator, "POST", "invitations", answer)[0] == 400


class TestManners:
    @pytest.mark.parametrize(("method", "path"), [("GET", "nothing"), ("GET", "reset"), ("PUT", "clock"), ("GET", "")])
    def test_what_does_not_exist_is_404_and_names_what_does(self, emulator: Any, method: str, path: str) -> None:
        status, message = refused(emulator, method, path)
        assert status == 404
        assert "POST reset" in message

    def test_a_ledger_number_must_be_a_number(self, emulator: Any) -> None:
        assert refused(emulator, "GET", "ledger?since=x")[0] == 400


class TestProcess:
    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "emulator", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def test_it_starts_from_a_seed_writes_profiles_and_ends_cleanly(self, tmp_path: Path) -> None:
        seed, config = tmp_path / "seed.json", tmp_path / "aws-config"
        accounts = [{"id": PAYMENTS, "name": "payments"}]
        seed.write_text(json.dumps({"organizations": [{"management": MANAGEMENT, "accounts": accounts}]}))
        process = self.start("--seed", str(seed), "--aws-config", str(config), "--pace", "real")
        assert process.stdout is not None
        assert process.stdout.readline().startswith("emulator ready on http://127.0.0.1:")
        program = (
            "import boto3; print(boto3.Session(profile_name='payments').client('sts').get_caller_identity()['Arn'])"
        )
        boto3_says = subprocess.run(
            [sys.executable, "-c", program],
            env={"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none")},
            capture_output=True,
            text=True,
            check=False,
        )
        process.terminate()
        output, errors = process.communicate(timeout=10)
        assert boto3_says.stdout.strip() == f"arn:aws:iam::{PAYMENTS}:root", boto3_says.stderr
        assert (process.returncode, output, errors) == (0, "", "")

    def test_a_port_in_use_is_one_sentence(self, emulator: Any) -> None:
        port = emulator.url.rpartition(":")[2]
        process = self.start("--port", port)
        output, errors = process.communicate(timeout=20)
        assert (process.returncode, output) == (1, "")
        assert f"Port {port} of 127.0.0.1 cannot be used." in errors
        assert "Traceback" not in errors

    def test_an_unreadable_seed_is_one_sentence(self, tmp_path: Path) -> None:
        process = self.start("--seed", str(tmp_path / "none.json"))
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 1
        assert "none.json cannot be used" in errors
        assert "Traceback" not in errors
