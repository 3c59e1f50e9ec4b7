"""Requests that are ours: one catch-all path, because botocore's own model routes the 22 operations."""

from .responses import MpaResponse

url_bases = [r"https?://mpa\.(.+)\.amazonaws\.com"]

url_paths = {"{0}/.*$": MpaResponse.dispatch}
