"""A bad topology gives one readable report: every problem with its key and the way out."""

import contextlib
import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from airlock.domain.errors import EstateError
from airlock.estate import load

ROOT = Path(__file__).parents[2]
GOOD = yaml.safe_load((ROOT / "estate.yaml").read_text())
ONE_ORGANIZATION = yaml.safe_load((ROOT / "estates/cross-account.yaml").read_text())
Break = Callable[[dict[str, Any]], Any]


def _set(path: str, value: Any) -> Break:
    def change(raw: dict[str, Any]) -> None:
        *parents, last = path.split("/")
        place: Any = raw
        for part in parents:
            place = place[int(part) if part.isdigit() else part]
        place[int(last) if last.isdigit() else last] = value

    return change


def _drop(path: str) -> Break:
    def change(raw: dict[str, Any]) -> None:
        *parents, last = path.split("/")
        place: Any = raw
        for part in parents:
            place = place[int(part) if part.isdigit() else part]
        del place[int(last) if last.isdigit() else last]

    return change


ADA = {"user": "ada.lind", "email": "ada.lind@recovery.nordbank.example"}
VAULT = "data_classes/payments/vaults/0"

BREAKS: dict[str, tuple[Break, str, str]] = {
    "unknown key": (_set("acounts", {}), "acounts", "did you mean `accounts`"),
    "unknown key deep inside": (_set(f"{VAULT}/min_retention", 7), "vaults[0].min_retention", "min_retention_days"),
    "id of 11 digits": (_set("accounts/audit/id", "22222222222"), "accounts.audit.id", "12-digit account id"),
    "id without quotes": (_set("accounts/audit/id", 222222222222), "accounts.audit.id", "write it in quotes"),
    "threshold above approvers": (_set("teams/quorum/threshold", 4), "teams.quorum.threshold", "never be reached"),
    "threshold of one": (_set("teams/quorum/threshold", 1), "teams.quorum.threshold", "one person alone"),
    "everybody must approve": (_set("teams/quorum/threshold", 3), "teams.quorum.threshold", "one absent person"),
    "two approvers": (_drop("teams/quorum/approvers/0"), "teams.quorum.approvers", "fewer than 3"),
    "min above max": (_set(f"{VAULT}/min_retention_days", 91), "vaults[0].min_retention_days", "above its maximum"),
    "min below AWS's own": (_set(f"{VAULT}/min_retention_days", 6), "vaults[0].min_retention_days", "7 or more"),
    "copy retention missing": (
        _drop("data_classes/payments/copy_retention_days"),
        "data_classes.payments.copy_retention_days",
        "missing",
    ),
    "copy kept too briefly": (
        _set("data_classes/payments/copy_retention_days", 3),
        "data_classes.payments.copy_retention_days",
        "shorter than the vault's minimum of 7",
    ),
    "copy kept too long": (
        _set("data_classes/payments/copy_retention_days", 91),
        "data_classes.payments.copy_retention_days",
        "longer than the vault's maximum of 90",
    ),
    "one vault name twice": (
        _set("data_classes/orders/vaults/0/name", "payments-2026"),
        "data_classes.orders.vaults[0].name",
        "also stands at data_classes.payments",
    ),
    "local vault named like a LAG vault": (
        _set("data_classes/orders/local_vault", "payments-2026"),
        "data_classes.orders.local_vault",
        "name of a logically air-gapped one",
    ),
    "one tag for two classes": (
        _set("data_classes/orders/select_by_tag", {"key": "airlock-class", "value": "payments"}),
        "data_classes.orders.select_by_tag",
        "two plans",
    ),
    "one id for two accounts": (_set("accounts/orders/id", "444444444444"), "accounts.orders.id", "also that of"),
    "one address for two accounts": (
        _set("accounts/orders/email", "aws+payments@nordbank.example"),
        "accounts.orders.email",
        "also that of `payments`",
    ),
    "one profile for two accounts": (_set("accounts/orders/profile", "payments"), "accounts.orders.profile", "also"),
    "one approver twice": (_set("teams/quorum/approvers/1", ADA), "teams.quorum.approvers[1].user", "count twice"),
    "Region without LAG vaults": (_set("region", "ca-west-1"), "region", "no logically air-gapped vaults"),
    "vault Region without LAG vaults": (_set(f"{VAULT}/region", "mx-central-1"), "vaults[0].region", "offers no"),
    "landing account inside the primary": (
        _set("accounts/landing/organization", "primary"),
        "roles.landing",
        "lost with it",
    ),
    "one backend for both": (
        _set("organizations/recovery/state/backend", "s3://nordbank-airlock-primary?region=eu-west-1"),
        "organizations.recovery.state.backend",
        "accept_shared_state",
    ),
    "one secrets key for both": (
        _set("organizations/recovery/state/secrets_provider", "awskms://alias/airlock-state?region=eu-west-1"),
        "organizations.recovery.state.secrets_provider",
        "undo the recovery side",
    ),
    "requester is an approver": (_set("requesters/0", ADA), "requesters[0].user", "approver too"),
    "unknown account": (_set("roles/forensic", "nobody"), "roles.forensic", "there is no account `nobody`"),
    "unknown source": (_set("data_classes/orders/sources/0", "x"), "data_classes.orders.sources[0]", "no account `x`"),
    "unknown team": (_set("data_classes/orders/team", "x"), "data_classes.orders.team", "nobody could open"),
    "foreign e-mail domain": (
        _set("teams/quorum/approvers/0/email", "ada.lind@nordbank.example"),
        "teams.quorum.approvers[0].email",
        "not of the identity center",
    ),
    "team without identity center": (
        _drop("organizations/recovery/identity_center"),
        "organizations.recovery.identity_center",
        "nobody could sign in",
    ),
    "one identity provider for both": (
        _set(
            "organizations/primary/identity_center",
            {"region": "us-east-1", "identity_provider": "okta-recovery", "email_domains": ["nordbank.example"]},
        ),
        "organizations.recovery.identity_center.identity_provider",
        "vote as every approver",
    ),
    "role without account": (_drop("roles/landing"), "roles.landing", "missing"),
    "one account in two roles": (_set("roles/forensic", "bunker"), "roles.forensic", "who takes it over"),
    "source that nothing deploys": (
        _set("data_classes/orders/sources/0", "bunker"),
        "data_classes.orders.sources[0]",
        "nothing would back it up",
    ),
    "a source that the vault lets not in": (
        _set("data_classes/payments/sources", ["payments", "orders"]),
        "data_classes.payments.sources[1]",
        "lets nobody else in",
    ),
    "vaults where no stack makes them": (
        _set("data_classes/orders/vault_account", "orders"),
        "data_classes.orders.vault_account",
        "no stack would make",
    ),
    "no recovery organization": (_drop("organizations/recovery"), "organizations.recovery", "no recovery"),
    "manager of the other side": (
        _set("organizations/recovery/management_account", "audit"),
        "organizations.recovery.management_account",
        "lies in the primary organization",
    ),
    "type that no LAG vault holds": (
        _set("data_classes/orders/resource_types", ["RDS"]),
        "data_classes.orders.resource_types[0]",
        "types that a LAG vault can hold",
    ),
}


def _write(folder: Path, raw: Any) -> Path:
    path = folder / "estate.yaml"
    path.write_text(yaml.safe_dump(raw, sort_keys=False))
    return path


def _report(folder: Path, raw: Any) -> str:
    with pytest.raises(EstateError) as caught:
        load(_write(folder, raw))
    assert caught.value.exit_code == 2
    return str(caught.value)


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_promise_is_named_with_its_key(tmp_path: Path, name: str) -> None:
    change, key, words = BREAKS[name]
    raw = copy.deepcopy(GOOD)
    change(raw)

    report = _report(tmp_path, raw)

    lines = report.splitlines()[1:]
    blocks = [" ".join(lines[start : start + 3]) for start in range(0, len(lines), 3) if key in lines[start]]
    assert any(words in block and "fix: " in block for block in blocks), f"not told about: {name}\n{report}"


def test_everything_that_is_wrong_is_said_in_one_run(tmp_path: Path) -> None:
    raw = copy.deepcopy(GOOD)
    together = [
        name
        for name in BREAKS
        if name in ("unknown key", "id of 11 digits", "two approvers", "min above max", "copy retention missing")
    ] + ["one id for two accounts", "landing account inside the primary", "one backend for both", "unknown team"]
    for name in together:
        BREAKS[name][0](raw)

    report = _report(tmp_path, raw)

    for name in together:
        assert BREAKS[name][1] in report, f"a second run would be needed to learn about: {name}"
    assert "Nothing was touched" in report


def test_the_pattern_of_one_organization_refuses_a_recovery_organization(tmp_path: Path) -> None:
    raw = copy.deepcopy(ONE_ORGANIZATION)
    raw["organizations"]["recovery"] = GOOD["organizations"]["recovery"]

    assert "has only one organization" in _report(tmp_path, raw)


def test_one_backend_for_both_may_be_accepted_by_name(tmp_path: Path) -> None:
    raw = copy.deepcopy(GOOD)
    raw["organizations"]["recovery"]["state"] = raw["organizations"]["primary"]["state"]
    raw["accept_shared_state"] = "a rehearsal without anything to lose"

    assert load(_write(tmp_path, raw)).accept_shared_state


def test_a_key_that_stands_twice_is_not_lost_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "estate.yaml"
    text = (ROOT / "estate.yaml").read_text()
    path.write_text(text + "\nregion: eu-central-1\n")

    with pytest.raises(EstateError, match="stands twice"):
        load(path)


def test_broken_yaml_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "estate.yaml"
    path.write_text("version: 1\nname: [nordbank\n")

    with pytest.raises(EstateError, match=r"not YAML in line 3, column 1"):
        load(path)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words\n"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "estate.yaml"
    path.write_text(text)

    with pytest.raises(EstateError, match="empty or no mapping"):
        load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EstateError, match=r"no topology file .*nowhere.yaml"):
        load(tmp_path / "nowhere.yaml")


def _places(raw: Any, prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    return [place for key, value in items for place in [(*prefix, key), *_places(value, (*prefix, key))]]


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just([]), st.just({}), st.just([[1], {"a": {}}]),
    st.just({"x": ["y", {}]}), st.just([{"user": 3, "email": []}]),
)  # fmt: skip


@settings(max_examples=150)
@given(changes=st.lists(st.tuples(st.sampled_from(_places(GOOD)), JUNK), min_size=1, max_size=4))
def test_no_nonsense_makes_the_check_itself_fail(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[tuple[Any, ...], Any]]
) -> None:
    raw = copy.deepcopy(GOOD)
    for place, junk in changes:
        parent: Any = raw
        try:
            for part in place[:-1]:
                parent = parent[part]
            parent[place[-1]] = copy.deepcopy(junk)
        except (KeyError, IndexError, TypeError):
            continue
    path = tmp_path_factory.mktemp("estate") / "estate.yaml"
    path.write_text(yaml.safe_dump(raw))
    # Any other error would reach the user as a traceback.
    with contextlib.suppress(EstateError):
        load(path)
