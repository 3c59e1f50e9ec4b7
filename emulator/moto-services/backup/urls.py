"""Which requests are AWS Backup's. One catch-all path: moto's router reads the operation from botocore's model."""

from .responses import BackupResponse

url_bases = [r"https?://backup\.(.+)\.amazonaws\.com"]

url_paths = {"{0}/.*$": BackupResponse.dispatch}
