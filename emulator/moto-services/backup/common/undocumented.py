"""What AWS leaves open about AWS Backup, or answers now so and now otherwise; see `emulator.world.choices`."""

from emulator.world import choices

NOT_OPTED_IN = "backup.mpa-not-opted-in"
RESTORE_ACCESS_NOT_APPROVED = "backup.restore-access-not-approved"
UNKNOWN_VAULT = "backup.look-at-an-unknown-vault"
TYPES_OF_A_REGION = "backup.types-of-a-region"
GLOBAL_SETTINGS = "backup.global-settings"
NEW_ROLE = "backup.new-role"
DELETED_VAULT = "backup.deleted-vault"

choices.offer(
    NOT_OPTED_IN,
    ("sentence", "short"),
    "AWS publishes no text for an association without the opt-in to Multi-party approval; only the code is certain.",
)
choices.offer(
    RESTORE_ACCESS_NOT_APPROVED,
    ("failed", "removed"),
    "AWS documents no state of a restore access vault after a rejection or an expiry.",
)
choices.offer(
    UNKNOWN_VAULT,
    ("not-found", "hidden"),
    "The model has ResourceNotFoundException for DescribeBackupVault; clients in the field meet AccessDeniedException "
    "for a vault that does not exist.",
)
choices.offer(
    TYPES_OF_A_REGION,
    ("usual", "shorter", "longer", "by-region"),
    "Which resource types a Region knows differs by Region and grows with time; AWS publishes no list of them.",
)
choices.offer(
    GLOBAL_SETTINGS,
    ("three", "one-more"),
    "AWS adds global settings from time to time, and answers with all that it has, asked for or not.",
)
choices.offer(
    NEW_ROLE,
    ("known", "unknown-for-seconds"),
    "What IAM answers reaches other services a little later; how much later, AWS does not say.",
)
choices.offer(
    DELETED_VAULT,
    ("gone-when-seen", "gone-after-minutes"),
    "DeleteBackupVault of an air-gapped vault answers before it is gone; AWS does not say how long its name is taken.",
)
