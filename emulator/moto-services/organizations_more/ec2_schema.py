"""The syntax of DECLARATIVE_POLICY_EC2, as the guide of AWS Organizations has it."""

from .schemas import SWITCH, TEXT, TEXTS, Fields, Named, Value

_DAYS = Value(pattern="[0-9]{1,9}")
_IMAGE_CRITERIA = Named(
    Fields(
        {
            "allowed_image_providers": TEXTS,
            "image_names": TEXTS,
            "marketplace_product_codes": TEXTS,
            "creation_date_condition": Fields({"maximum_days_since_created": _DAYS}, ("maximum_days_since_created",)),
            "deprecation_time_condition": Fields(
                {"maximum_days_since_deprecated": _DAYS}, ("maximum_days_since_deprecated",)
            ),
        }
    ),
    most=10,
)
_METADATA = Fields(
    {
        "http_tokens": Value(allowed=("no_preference", "required", "optional")),
        "http_put_response_hop_limit": Value(pattern="-1|[1-9]|[1-5][0-9]|6[0-4]"),
        "http_endpoint": Value(allowed=("no_preference", "enabled", "disabled")),
        "instance_metadata_tags": Value(allowed=("no_preference", "enabled", "disabled")),
        "http_tokens_enforced": Value(allowed=("no_preference", "enabled", "disabled")),
    }
)
_INTERNET_GATEWAY_BLOCK = Fields(
    {"mode": Value(allowed=("off", "block_ingress", "block_bidirectional")), "exclusions_allowed": SWITCH},
    ("mode", "exclusions_allowed"),
)
DECLARATIVE_EC2 = Fields(
    {
        "ec2_attributes": Fields(
            {
                "exception_message": TEXT,
                "vpc_block_public_access": Fields({"internet_gateway_block": _INTERNET_GATEWAY_BLOCK}),
                "serial_console_access": Fields({"status": SWITCH}, ("status",)),
                "image_block_public_access": Fields(
                    {"state": Value(allowed=("unblocked", "block_new_sharing"))}, ("state",)
                ),
                "allowed_images_settings": Fields(
                    {
                        "state": Value(allowed=("enabled", "disabled", "audit_mode")),
                        "image_criteria": _IMAGE_CRITERIA,
                    },
                    ("state",),
                ),
                "instance_metadata_defaults": _METADATA,
                "snapshot_block_public_access": Fields(
                    {"state": Value(allowed=("unblocked", "block_new_sharing", "block_all_sharing"))}, ("state",)
                ),
            }
        )
    }
)
