"""The approval portal: the pages on which approvers answer invitations and vote. `app` is a WSGI application."""

from emulator.portal.application import app

__all__ = ["app"]
