"""Requests that are ours: one catch-all path, because botocore's own model routes the operations."""

from .responses import RamResponse

url_bases = [r"https?://ram\.(.+)\.amazonaws\.com"]

url_paths = {"{0}/.*$": RamResponse.dispatch}
