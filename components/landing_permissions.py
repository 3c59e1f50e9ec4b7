"""What the requester may do at most: ask for access, look, restore, and give the access back. Nothing else, ever."""

from airlock.domain.arns import role_arn
from airlock.domain.names import RESTORE_ROLE
from airlock.domain.policy_documents import Statement


def boundary(account_id: str) -> list[Statement]:
    """The statements of the permissions boundary. The same text is the requester's permission."""
    return [
        {
            "Sid": "AskForAccess",
            "Effect": "Allow",
            # AWS Backup starts the vote in the requester's name; without StartSession the request dies later.
            "Action": ["backup:CreateRestoreAccessBackupVault", "backup:TagResource", "mpa:StartSession"],
            "Resource": "*",
        },
        {
            "Sid": "Look",
            "Effect": "Allow",
            "Action": [
                "backup:Describe*",
                "backup:Get*",
                "backup:List*",
                "cloudtrail:LookupEvents",
                "ec2:Describe*",
                "mpa:Get*",
                "mpa:List*",
                "ram:Get*",
                "ram:List*",
            ],
            "Resource": "*",
        },
        {
            "Sid": "Restore",
            "Effect": "Allow",
            "Action": ["backup:StartRestoreJob", "backup:StartCopyJob"],
            "Resource": "*",
        },
        {
            "Sid": "GiveAccessBack",
            "Effect": "Allow",
            "Action": ["backup:DeleteBackupVault"],
            "Resource": f"arn:aws:backup:*:{account_id}:backup-vault:*",
        },
        {
            "Sid": "HandTheRestoreRoleToAwsBackup",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": role_arn(account_id, RESTORE_ROLE),
            "Condition": {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}},
        },
    ]
