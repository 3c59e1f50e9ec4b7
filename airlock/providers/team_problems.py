"""What can be seen to be wrong with a team before AWS is asked."""

import re

from airlock.domain import quorum
from airlock.providers.properties import Props

_NAME = re.compile(r"[a-zA-Z0-9._-]{1,64}")
_LONGEST_DESCRIPTION = 256


def team_problems(known: Props) -> list[tuple[str, str]]:
    """(property, reason) for each problem; what is not known yet is not judged."""
    problems = [_name(known), _description(known), *_people(known), _desired(known)]
    return [problem for problem in problems if problem]


def _name(known: Props) -> tuple[str, str] | None:
    name = known.get("name")
    if name is None or _NAME.fullmatch(name):
        return None
    return "name", f"`{name}` is no name for a team: 1 to 64 letters, digits, dots, dashes and underscores"


def _description(known: Props) -> tuple[str, str] | None:
    text = known.get("description")
    if text is None or 1 <= len(text) <= _LONGEST_DESCRIPTION:
        return None
    return "description", f"has {len(text)} characters; AWS takes 1 to {_LONGEST_DESCRIPTION}"


def _people(known: Props) -> list[tuple[str, str]]:
    approvers, threshold = known.get("approvers"), known.get("threshold")
    if approvers is None or threshold is None:
        return []
    people = set(approvers)
    repeated = sorted(user for user in people if approvers.count(user) > 1)
    problems = [("approvers", f"names {', '.join(repeated)} more than once; nobody has two votes")] if repeated else []
    return problems + [
        (item.about, f"{item.problem}; {item.fix}") for item in quorum.problems(int(threshold), len(people))
    ]


def _desired(known: Props) -> tuple[str, str] | None:
    desired = known.get("desired", "present")
    return None if desired in {"present", "absent"} else ("desired", f"is `{desired}`; it can be `present` or `absent`")
