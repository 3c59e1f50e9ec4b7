"""What the engine prints becomes the sentence that somebody wrote for people."""

import json

from airlock.deploy.engine_output import Stream, plain, sentences
from airlock.deploy.results import Event, ResourceStep

TRACEBACK = """Program failed with an unhandled exception:
Traceback (most recent call last):
  File "/project/__main__.py", line 12, in <module>
    deploy()
  File "/project/stacks/vault.py", line 3, in deploy
    raise WrongAccount(text)
airlock.domain.errors.WrongAccount: The profile `bunker` belongs to the account 999999999999.
Correct it in ~/.aws/config.
"""
URN = "urn:pulumi:vault-orders::airlock::pulumi-python:dynamic/airlock:VaultApproval::orders-2026"
STACK_URN = "urn:pulumi:vault-orders::airlock::pulumi:pulumi:Stack::airlock-vault-orders"


def stream(*events: dict[str, object]) -> Stream:
    told: list[Event] = []
    made = Stream("vault-orders", "up", told.append)
    for event in events:
        made.feed(json.dumps({"sequence": 1, "timestamp": 1, **event}))
    return made


def error(message: str, urn: str = URN) -> dict[str, object]:
    return {"diagnosticEvent": {"message": message, "severity": "error", "urn": urn, "color": "never"}}


def test_a_traceback_is_reduced_to_the_words_of_its_exception() -> None:
    assert plain(TRACEBACK) == (
        "The profile `bunker` belongs to the account 999999999999.\nCorrect it in ~/.aws/config."
    )


def test_a_chain_of_tracebacks_ends_in_the_last_one() -> None:
    chain = f"{TRACEBACK}\nDuring handling of the above exception, another exception occurred:\n\n{TRACEBACK}"
    assert plain(chain.replace("999999999999", "111111111111")).startswith(
        "The profile `bunker` belongs to the account 1"
    )


def test_the_wrappers_of_the_layers_are_taken_off() -> None:
    wrapped = "error: rpc error: code = Unknown desc = Exception calling application: The team is under a vote."
    assert plain(wrapped) == "The team is under a vote."


def test_an_error_names_its_resource_once() -> None:
    found = sentences(stream(error("It is under a vote."), error("`orders-2026` is under a vote.")), "")
    assert found == ["`orders-2026`: It is under a vote.", "`orders-2026` is under a vote."]


def test_an_error_of_the_program_stands_alone() -> None:
    found = sentences(stream(error("The stack `recovery` was not deployed.", STACK_URN)), "")
    assert found == ["The stack `recovery` was not deployed."]


def test_what_only_says_that_something_failed_is_left_out() -> None:
    assert sentences(stream(error("The lock is missing."), error("update failed", STACK_URN)), "") == [
        "`orders-2026`: The lock is missing."
    ]


def test_a_mandatory_violation_is_a_reason_and_an_advisory_one_is_not() -> None:
    def violation(level: str) -> dict[str, object]:
        return {
            "policyEvent": {
                "resourceUrn": URN,
                "message": "Vaults are locked.\nThis one is not.",
                "color": "never",
                "policyName": "locked",
                "policyPackName": "vaults",
                "policyPackVersion": "1",
                "policyPackVersionTag": "1",
                "enforcementLevel": level,
            }
        }

    found = sentences(stream(violation("advisory"), violation("mandatory")), "")
    assert found == ["`orders-2026`: Vaults are locked. This one is not. (policy locked)"]


def test_without_any_event_the_command_lines_own_error_counts() -> None:
    assert sentences(stream(), "error: could not open the state backend\n") == ["could not open the state backend"]


def test_there_is_always_a_reason() -> None:
    assert sentences(stream(), "") != []


def test_an_unchanged_resource_is_no_step() -> None:
    told: list[Event] = []
    made = Stream("vault-orders", "up", told.append)
    for action in ("same", "create"):
        metadata = {"op": action, "urn": URN, "type": "pulumi-python:dynamic/airlock:VaultApproval", "provider": ""}
        event = {"sequence": 1, "timestamp": 1, "resourcePreEvent": {"metadata": metadata}}
        made.feed(json.dumps(event))
    assert [(event.action, event.resource) for event in told if isinstance(event, ResourceStep)] == [
        ("create", "orders-2026")
    ]
