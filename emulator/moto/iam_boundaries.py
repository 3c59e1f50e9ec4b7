"""Permissions boundaries of IAM users: moto takes them for roles only."""

from typing import Any

_NO_SUCH = "Policy {arn} does not exist or is not attachable."


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after moto's `iam.responses` was imported."""
    from moto.core.responses import ActionResult, EmptyResult

    def create_user(self: Any) -> ActionResult:
        boundary = self._get_param("PermissionsBoundary")
        if boundary:
            _check(self, boundary)
        answer: ActionResult = _create(self)
        if boundary:
            self.backend.users[self._get_param("UserName")].permissions_boundary_arn = boundary
        return answer

    def put_user_permissions_boundary(self: Any) -> ActionResult:
        boundary = self._get_param("PermissionsBoundary")
        user = self.backend.get_user(self._get_param("UserName"))
        _check(self, boundary)
        user.permissions_boundary_arn = boundary
        return EmptyResult()

    def delete_user_permissions_boundary(self: Any) -> ActionResult:
        user = self.backend.get_user(self._get_param("UserName"))
        if _boundary_of(user) is None:
            raise module.NotFoundException(f"The user with name {user.name} has no permissions boundary.")
        user.permissions_boundary_arn = None
        return EmptyResult()

    def _check(self: Any, arn: str) -> None:
        if arn not in self.backend.managed_policies:
            raise module.NotFoundException(_NO_SUCH.format(arn=arn))

    _create = module.IamResponse.create_user
    module.IamResponse.create_user = create_user
    module.IamResponse.put_user_permissions_boundary = put_user_permissions_boundary
    module.IamResponse.delete_user_permissions_boundary = delete_user_permissions_boundary
    module.User.permissions_boundary = property(_boundary_of)


def _boundary_of(user: Any) -> dict[str, str] | None:
    """As GetUser shows it."""
    arn = getattr(user, "permissions_boundary_arn", None)
    if not arn:
        return None
    return {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": arn}
