"""One catch-all path: botocore's model routes the operations."""

from .responses import ControlTowerResponse

url_bases = [r"https?://controltower\.(.+)\.amazonaws\.com"]

url_paths = {"{0}/.*$": ControlTowerResponse.dispatch}
