"""What moto does over and over for every request, done once: the same answers, sooner.

On a request of a REST service moto matches the path five times and looks twice through all attributes of the response
class, which together is a third of its time. It also makes an RSA key for each symmetric key of KMS (50 ms), and with
that for the first vault of every account.
"""

from functools import cache
from typing import Any

from emulator.protocol import service_models


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after one of moto's modules was imported."""
    _EXTENSIONS[module.__name__](module)


def _responses(module: Any) -> None:
    module.method_names_from_class = cache(module.method_names_from_class)
    response = module.BaseResponse
    match = response._get_action_from_method_and_request_uri  # noqa: SLF001 - moto has no other place for this

    def matched_once(self: Any, request: Any) -> Any:
        found = request.environ.get(service_models.MATCHED)
        if found is not None and found[0] == self.boto3_service_name:
            self.uri_match = dict(found[2])
            return found[1]
        name = match(self, request)
        if name is not None:
            request.environ[service_models.MATCHED] = (self.boto3_service_name, name, dict(self.uri_match))
        return name

    response._get_action_from_method_and_request_uri = matched_once  # noqa: SLF001
    # moto's own checks are off, but each first asks for IAM's models, and those for half of S3's and EventBridge's.
    response._authenticate_and_authorize_normal_action = _not_checked  # noqa: SLF001
    response._authenticate_and_authorize_s3_action = _not_checked  # noqa: SLF001


def _not_checked(*_: Any, **__: Any) -> None:
    """Who may do what is decided in front of moto (`authorization`)."""


def _base_backend(module: Any) -> None:
    """Regions are the same for every account, and a known account is found without a look through all of them."""
    backend = module.AccountSpecificBackend
    backend.get_session = service_models.all_regions
    generate = backend._generate_regions.__wrapped__  # noqa: SLF001

    @cache
    def regions(service_name: str) -> list[str]:
        found: list[str] = generate(backend, service_name)
        return found

    backend._generate_regions = lambda _, service_name: regions(service_name)  # noqa: SLF001
    everywhere = module.BackendDict
    look_up = everywhere.__getitem__

    used: list[Any] = []

    def known_first(self: Any, account_id: str) -> Any:
        found = dict.get(self, account_id)
        if found is None:
            if not any(one is self for one in used):
                used.append(self)
            found = look_up(self, account_id)
        return found

    reset = everywhere.reset.__func__

    def reset_all(cls: Any) -> None:
        """The reset of one service can look into another that was reset before; what that made goes too.

        moto forgets then which services are in use, and learns it again at each look; ours are not always seen by it.
        """
        reset(cls)
        for one in used:
            one.clear()

    everywhere.__getitem__ = known_first
    everywhere.reset = classmethod(reset_all)


def _kms_utils(module: Any) -> None:
    generate = module.generate_private_key

    def generate_private_key(key_spec: str) -> Any:
        return LateKey(key_spec) if key_spec == "SYMMETRIC_DEFAULT" else generate(key_spec)

    module.generate_private_key = generate_private_key


class LateKey:
    """The private key that moto gives a symmetric key, which has none: made when something asks for it."""

    def __init__(self, key_spec: str) -> None:
        self._key_spec = key_spec
        self._made: Any = None

    def sign(self, *args: Any) -> Any:
        return self._key().sign(*args)

    def verify(self, *args: Any) -> Any:
        return self._key().verify(*args)

    def public_key(self) -> Any:
        return self._key().public_key()

    def _key(self) -> Any:
        if self._made is None:
            from moto.kms.utils import RSAPrivateKey

            self._made = RSAPrivateKey(key_size=2048)
        return self._made


_EXTENSIONS = {"moto.core.responses": _responses, "moto.core.base_backend": _base_backend, "moto.kms.utils": _kms_utils}
