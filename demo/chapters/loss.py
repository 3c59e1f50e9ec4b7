"""Chapter c: the attack. Everything the attacker tries is a real call, and its answer is the evidence."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from airlock.domain.names import REQUESTER_ROLE
from demo import attack
from demo.aws import pages, root_client
from demo.chapters.backups import air_gapped_points, pass_a_night
from demo.evidence import CHANGE
from demo.words import listed

if TYPE_CHECKING:
    from demo.tale import Tale

TEAM_REGION = "us-east-1"


def attack_the_estate(tale: Tale) -> None:
    """The data is encrypted, a night passes (the backups faithfully keep the damage), then everything is tried."""
    tale.evidence.attacked_at = tale.emulator.now()
    _encrypt_objects(tale)
    pass_a_night(tale, expected_points=6)
    before = {name: air_gapped_points(tale, name) for name in tale.estate.data_classes}
    name = tale.lost_classes[0]
    target = _target(tale, name)
    source = tale.estate.data_classes[name].sources[0]
    _record(tale, attack.carry_out(attack.on_the_account(tale.clients(source), target)))
    _voters_refuse_what_is_pending(tale)
    _steal_the_requester(tale)
    if tale.estate.pattern == "cross-organization":
        _attack_the_organization(tale, source, target)
        _voters_refuse_what_is_pending(tale)
    tale.evidence.air_gapped = [
        {
            "vault": tale.estate.data_classes[name].vaults[-1].name,
            "points": len(points),
            "kept": len(points & air_gapped_points(tale, name)),
        }
        for name, points in before.items()
    ]
    surprises = [f"to {row['action']}" for row in tale.evidence.attacks if not row["as_expected"]]
    if surprises:
        raise RuntimeError(f"These attempts ended otherwise than expected: {listed(surprises)}.")


def _steal_the_requester(tale: Tale) -> None:
    landing = tale.estate.roles.landing
    requester = tale.as_role(landing, REQUESTER_ROLE, "stolen")
    _record(tale, attack.carry_out(attack.on_the_requester(tale.clients(landing), requester)))


def _encrypt_objects(tale: Tale) -> None:
    for name in tale.lost_classes:
        source = tale.estate.data_classes[name].sources[0]
        s3, bucket = tale.client(source, "s3"), tale.content[name].bucket
        for item in s3.list_objects_v2(Bucket=bucket)["Contents"]:
            s3.put_object(Bucket=bucket, Key=item["Key"], Body=b"encrypted by the attacker")
        tale.note("The attacker", f"encrypts every object of {bucket}", "attack")


def _target(tale: Tale, name: str) -> attack.Target:
    data, written = tale.estate.data_classes[name], tale.content[name]
    account = tale.estate.account(data.vault_account)
    vault = data.vaults[-1].name
    arn = f"arn:aws:backup:{tale.estate.region}:{account.id}:backup-vault:{vault}"
    home = tale.client(data.vault_account, "ram")
    teams = tale.client(data.vault_account, "ram", TEAM_REGION)
    return attack.Target(
        account=account.id,
        bucket=written.bucket,
        table=written.table,
        volume=written.volume,
        local_vault=data.local_vault,
        air_gapped_vault=vault,
        vault_share_arn=_share_of(home, arn),
        team_share_arn=next(pages(teams, "get_resource_shares", "resourceShares", resourceOwner="OTHER-ACCOUNTS"))[
            "resourceShareArn"
        ],
        break_glass=tale.break_glass(data.vault_account, "maintenance"),
    )


def _share_of(ram: Any, resource_arn: str) -> str:
    rows = ram.get_resource_share_associations(associationType="RESOURCE", resourceArn=resource_arn)
    return str(rows["resourceShareAssociations"][0]["resourceShareArn"])


def _attack_the_organization(tale: Tale, source: str, target: attack.Target) -> None:
    management = tale.estate.management_account("primary")
    organizations = tale.client(management.key, "organizations")
    lost = attack.LostOrganization(
        management=management.id,
        root_id=organizations.list_roots()["Roots"][0]["Id"],
        team_share_arn=target.team_share_arn,
        workload=target,
        foreign_team=cache(partial(_team_of_the_attacker, tale, target.account)),
    )
    attempts = attack.on_the_organization(
        tale.clients(management.key),
        lambda service, region=None: tale.client(source, service, region),
        lost,
    )
    _record(tale, attack.carry_out(attempts))


def _team_of_the_attacker(tale: Tale, victim: str) -> str:
    """Users in the lost organization's own Identity Center become approvers of a team that the attacker controls."""
    management = tale.estate.management_account("primary")
    mpa = tale.client(management.key, "mpa", TEAM_REGION)
    instance = tale.client(management.key, "sso-admin").list_instances()["Instances"][0]
    users = tale.client(management.key, "identitystore").list_users(IdentityStoreId=instance["IdentityStoreId"])[
        "Users"
    ]
    source = mpa.create_identity_source(
        IdentitySourceParameters={
            "IamIdentityCenter": {"InstanceArn": instance["InstanceArn"], "Region": tale.estate.region}
        }
    )["IdentitySourceArn"]
    policy = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT"
    team = mpa.create_approval_team(
        Name="helpful",
        Description="approvers of the attacker",
        ApprovalStrategy={"MofN": {"MinApprovalsRequired": 2}},
        Approvers=[{"PrimaryIdentityId": user["UserId"], "PrimaryIdentitySourceArn": source} for user in users],
        Policies=[{"PolicyArn": policy}],
    )["Arn"]
    mpa.get_approval_team(Arn=team)
    for user in users:
        tale.emulator.answer_invitation(team, user["UserId"], "ACCEPTED")
    root_client(tale.emulator.url, management.id, "ram", TEAM_REGION).create_resource_share(
        name="helpful", resourceArns=[team], principals=[victim]
    )
    return str(team)


def _record(tale: Tale, outcomes: list[attack.Outcome]) -> None:
    for outcome in outcomes:
        tale.evidence.attacks.append(asdict(outcome))
        ended = attack.ending(outcome.outcome, outcome.denied_by)
        tale.note(outcome.actor, f"tries to {outcome.action}; the attempt is {ended}", "attack", outcome.outcome)


def _voters_refuse_what_is_pending(tale: Tale) -> None:
    """The team sees what the attacker asks for, and says no."""
    mpa = tale.client(tale.estate.recovery_account.key, "mpa", TEAM_REGION)
    for team in mpa.list_approval_teams()["ApprovalTeams"]:
        for session in mpa.list_sessions(ApprovalTeamArn=team["Arn"])["Sessions"]:
            if session["Status"] not in {"PENDING", "CREATING"}:
                continue
            for approver in tale.enough_to_refuse(team["Name"]):
                tale.people.vote(session["SessionArn"], approver, "REJECTED")
            asked = tale.request(session["SessionArn"], CHANGE, "The attacker")
            tale.evidence.requests.append(asked)
            tale.note(
                listed([vote["approver"] for vote in asked["votes"]]),
                f"reject the request for {asked['action']}",
                "people",
            )
