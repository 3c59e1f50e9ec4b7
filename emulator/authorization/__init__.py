"""Whether a caller may make a call: AWS's policy evaluation, switched on by `POST /_emulator/enforcement`.

`evaluation.py` and what it imports decide from documents and facts, and know nothing of moto. `services/` says which
permissions an operation needs, `policies_of.py`, `resources.py` and `context.py` read documents and facts from moto's
models, `judging.py` puts them together. While the switch is off nothing of this happens.

May import: `protocol`, `world`.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

from emulator.authorization import switch
from emulator.protocol.answers import Refusal
from emulator.protocol.shapes import violations
from emulator.world import caller
from emulator.world.caller import Caller

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emulator.authorization.judging import Asked
    from emulator.authorization.needs import Asking, Need
    from emulator.world.call import Call


_SERVED_BY_THE_OWNER = ("kms", "s3")


class _Current(threading.local):
    call: Call | None = None


_current = _Current()


def check(call: Call) -> str:
    """Refuse the call when its caller may not make it, in the words of the called service.

    Returns the account whose moto backend serves the call: the caller's, or that of the bucket or key that it may use
    in another one.
    """
    _current.call = call
    account = _caller_of(call).account
    if not switch.is_on():
        return account
    try:
        return _checked(call, account)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # A member of another type than its model's: the service would refuse the same, so it is said here.
        broken = violations(call.operation.model.input_shape, call.parameters)
        if not broken:
            raise
        raise Refusal(400, "SerializationException", broken[0]) from error


def _checked(call: Call, account: str) -> str:
    from emulator.authorization import messages, resources
    from emulator.authorization.judging import judge

    asked, needs = _asked(call), _needs(call)
    for need in needs:
        decision = judge(asked, need)
        if not decision.allowed:
            text = messages.sentence(asked.caller.principal_arn, need.action, need.resource, decision)
            raise messages.refusal(call.operation, text)
    if call.operation.service in _SERVED_BY_THE_OWNER and needs:
        return resources.account_of(needs[0].resource or "*", account)
    return account


def allowed(who: Caller, region: str, need: Need) -> str:
    """Why a caller has not this permission now; empty when it has (always, while enforcement is off)."""
    if not switch.is_on():
        return ""
    from emulator.authorization import messages
    from emulator.authorization.judging import Asked, judge
    from emulator.authorization.needs import Where

    decision = judge(Asked(who, Where(who.account, region)), need)
    if decision.allowed:
        return ""
    return messages.sentence(who.principal_arn, need.action, need.resource, decision)


def refusal_to_service(service: str, role_arn: str, region: str, needs: Sequence[Need] = ()) -> str:
    """Why a service (`backup`) cannot act with a role: it is not trusted, or the role may not; empty when it can.

    Always empty while enforcement is off. The role exists: the service asks for that itself.
    """
    if not switch.is_on():
        return ""
    from emulator.authorization import services_with_roles

    session = services_with_roles.session(service, role_arn)
    if session is None:
        return f"The trust policy of {role_arn} does not let {service}.amazonaws.com assume it."
    return next((why for need in needs if (why := allowed(session, region, need))), "")


def authority() -> str:
    """The request that is being answered, to be kept with what happens later in its caller's name; see `withdrawn`."""
    call = _current.call
    if call is None or call.caller is not caller.calling():
        return ""
    asked, needs = _asked(call), _needs(call)
    of_the_service = asked.of_the_service()
    kept = [[need.action, need.resource, {**of_the_service, **need.values}] for need in needs]
    return json.dumps({"caller": asked.caller.packed(), "region": asked.where.region, "needs": kept})


def withdrawn(kept: str) -> str:
    """Why the caller of an earlier request may not make it any more; empty while it may (or enforcement is off)."""
    if not kept or not switch.is_on():
        return ""
    from emulator.authorization.needs import Need

    held = json.loads(kept)
    who = Caller.unpacked(held["caller"])
    needs = [
        Need(action, resource, {key: tuple(values) for key, values in known.items()})
        for action, resource, known in held["needs"]
    ]
    return next((why for need in needs if (why := allowed(who, held["region"], need))), "")


def _asked(call: Call) -> Asked:
    from functools import partial

    from emulator.authorization import actions
    from emulator.authorization.judging import Asked

    asking = _asking(call)
    of_the_service = partial(actions.values, call.operation.service, asking)
    return Asked(_caller_of(call), asking.where, call.parameters, of_the_service, call.environ)


def _needs(call: Call) -> list[Need]:
    from emulator.authorization import actions

    return actions.needed(call.operation.service, _asking(call))


def _asking(call: Call) -> Asking:
    from emulator.authorization.needs import Asking, Where

    who = _caller_of(call)
    return Asking(call.operation.name, call.parameters, Where(who.account, call.region), who.user_name)


def _caller_of(call: Call) -> Caller:
    if call.caller is None:
        raise LookupError("The call has no caller yet: it is checked after it was admitted.")
    return call.caller
