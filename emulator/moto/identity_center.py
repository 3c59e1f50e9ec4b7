"""Identity Center and its identity store: one instance in one Region of an organization's management account.

moto invents an instance for every account and Region, and an identity store for every id that is asked for.
"""

from collections.abc import Callable
from typing import Any

from emulator.world import identity_store


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after one of moto's modules was imported."""
    extenders: dict[str, Callable[[Any], None]] = {
        "moto.ssoadmin.models": _extend_instances,
        "moto.ssoadmin.urls": _extend_instance_calls,
        "moto.identitystore.models": _extend_stores,
        "moto.identitystore.urls": _extend_store_calls,
    }
    extenders[module.__name__](module)


def add_instance(management: str, center: identity_store.IdentityCenter) -> None:
    """Make an instance and its empty identity store."""
    from moto.identitystore.models import IdentityStoreData, identitystore_backends
    from moto.ssoadmin.models import Instance, ssoadmin_backends

    instance = Instance(management, center.region)
    instance.instance_arn = center.instance_arn
    instance.identity_store_id = center.identity_store_id
    ssoadmin_backends[management][center.region].instances.append(instance)
    stores = identitystore_backends[management][center.region].identity_stores
    stores[center.identity_store_id] = IdentityStoreData()
    identity_store.add_identity_center(management, center)


def add_user(management: str, center: identity_store.IdentityCenter, user_id: str, user_name: str, email: str) -> None:
    """Put a person with a chosen id into an identity store; moto's CreateUser only makes random ids."""
    from moto.identitystore.models import Name, User, identitystore_backends

    emails: list[Any] = [{"Value": email, "Type": "work", "Primary": True}]
    given, _, family = user_name.replace(".", " ").title().partition(" ")
    store = identitystore_backends[management][center.region].identity_stores[center.identity_store_id]
    user: Any = User(
        UserId=user_id,
        IdentityStoreId=center.identity_store_id,
        UserName=user_name,
        Name=Name(f"{given} {family}".strip(), family or given, given, None, None, None),
        DisplayName=f"{given} {family}".strip(),
        NickName="",
        ProfileUrl="",
        Emails=emails,
        Addresses=[],
        PhoneNumbers=[],
        UserType="",
        Title="",
        PreferredLanguage="",
        Locale="",
        Timezone="",
    )
    store.users[user_id] = user


def _extend_instances(module: Any) -> None:
    make = module.SSOAdminBackend.__init__

    def make_without_instance(backend: Any, region_name: str, account_id: str) -> None:
        make(backend, region_name, account_id)
        backend.instances = []

    module.SSOAdminBackend.__init__ = make_without_instance


def _extend_instance_calls(module: Any) -> None:
    from moto.core.responses import ActionResult
    from moto.ssoadmin.exceptions import ResourceNotFoundException

    class InstanceCalls(module.SSOAdminResponse):  # type: ignore[misc]  # moto ships no types
        def describe_instance(self) -> ActionResult:
            arn = self._get_param("InstanceArn")
            for instance in self.ssoadmin_backend.list_instances():
                if instance.instance_arn == arn:
                    return ActionResult(instance.to_json())
            raise ResourceNotFoundException(f"Instance {arn} was not found.")

    module.url_paths = dict.fromkeys(module.url_paths, InstanceCalls.dispatch)


class _Stores(dict[str, Any]):
    """The identity stores of one account and Region; a store that nobody made is not found."""

    def __contains__(self, store_id: object) -> bool:
        if not super().__contains__(store_id):
            from moto.identitystore.exceptions import ResourceNotFoundException

            raise ResourceNotFoundException(
                message=f"IdentityStore {store_id} not found.", resource_type="IDENTITY_STORE"
            )
        return True


def _extend_stores(module: Any) -> None:
    make = module.IdentityStoreBackend.__init__

    def make_with_our_stores(backend: Any, region_name: str, account_id: str) -> None:
        make(backend, region_name, account_id)
        backend.identity_stores = _Stores()

    module.IdentityStoreBackend.__init__ = make_with_our_stores


def _extend_store_calls(module: Any) -> None:
    import json

    class StoreCalls(module.IdentityStoreResponse):  # type: ignore[misc]  # moto ships no types
        def describe_user(self) -> str:
            answer = json.loads(super().describe_user())
            return json.dumps(_with_status(answer))

        def list_users(self) -> str:
            answer = json.loads(super().list_users())
            answer["Users"] = [_with_status(user) for user in answer["Users"]]
            return json.dumps(answer)

    module.url_paths = dict.fromkeys(module.url_paths, StoreCalls.dispatch)


def _with_status(user: dict[str, Any]) -> dict[str, Any]:
    known = identity_store.identity_user(user["IdentityStoreId"], user["UserId"])
    enabled = known is None or known.enabled
    return {name: value for name, value in user.items() if value not in ("", [], None)} | {
        "UserStatus": "ENABLED" if enabled else "DISABLED"
    }
