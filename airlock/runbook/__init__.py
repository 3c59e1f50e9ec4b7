"""The emergency path: ask for access, watch the vote, restore, close. It works from the inventory alone.

No Pulumi, no state, no topology: on the worst day only the kit and the landing account are left.
"""
