"""Allowed images of EC2, which moto lacks: an account says whose images it uses, Region by Region.

The settings are kept as they are given. They take effect where AWS Backup documents one: an EC2 backup in a logically
air-gapped vault comes as an image of the provider `aws-backup-vault`, and has to be allowed.
"""

from typing import Any

VAULT_PROVIDER = "aws-backup-vault"
_KEPT = "_allowed_images"
_DISABLED, _ENABLED = "disabled", "enabled"


def allows(backend: Any, provider: str) -> bool:
    """Whether an account uses images of that provider; audit mode only reports."""
    settings = _settings(backend)
    if settings["state"] != _ENABLED:
        return True
    return any(provider in (criterion.get("ImageProviders") or [provider]) for criterion in settings["criteria"])


def _settings(backend: Any) -> dict[str, Any]:
    kept: dict[str, Any] = backend.__dict__.setdefault(_KEPT, {"state": _DISABLED, "criteria": []})
    return kept


def extend(module: Any) -> None:
    """Called after moto's settings of EC2 were imported."""
    from moto.core.responses import ActionResult

    def get_allowed_images_settings(response: Any) -> ActionResult:
        settings = _settings(response.ec2_backend)
        shown = {"State": settings["state"], "ImageCriteria": settings["criteria"], "ManagedBy": "account"}
        return ActionResult(shown)

    def enable_allowed_images_settings(response: Any) -> ActionResult:
        return _switch(response, response._get_param("AllowedImagesSettingsState"))  # noqa: SLF001 - moto's own way

    def disable_allowed_images_settings(response: Any) -> ActionResult:
        return _switch(response, _DISABLED)

    def _switch(response: Any, state: str) -> ActionResult:
        _settings(response.ec2_backend)["state"] = state
        return ActionResult({"AllowedImagesSettingsState": state})

    def replace_image_criteria_in_allowed_images_settings(response: Any) -> ActionResult:
        given = response._get_param("ImageCriteria", [])  # noqa: SLF001 - moto's own way
        _settings(response.ec2_backend)["criteria"] = given
        return ActionResult({"ReturnValue": True})

    for function in (
        get_allowed_images_settings,
        enable_allowed_images_settings,
        disable_allowed_images_settings,
        replace_image_criteria_in_allowed_images_settings,
    ):
        setattr(module.Settings, function.__name__, function)
