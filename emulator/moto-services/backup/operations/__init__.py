"""The operations of AWS Backup by group: from the request to the topic that it belongs to, and back to an answer.

May import: `exceptions`, `records`, `models`, `common`, `protection`, `recovery_points`, `vaults`, `jobs`, `plans`,
`restore_testing`, `audit`.
"""
