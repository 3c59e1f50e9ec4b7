"""Who hears of what: CloudTrail, EventBridge, topics and the notifications of vaults.

May import: `protocol`, `world`, `authorization`, `moto`.
"""
