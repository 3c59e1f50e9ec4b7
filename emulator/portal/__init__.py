"""The approval portal: the pages on which approvers answer invitations and vote. `app` is a WSGI application.

May import: `world`.
"""

from emulator.portal.application import app

__all__ = ["app"]
