"""Organizations has one address; the operation is in the target header."""

from .responses import OrganizationsMoreResponse

url_bases = [r"https?://organizations\.(.+)\.amazonaws\.com"]

url_paths = {"{0}/$": OrganizationsMoreResponse.dispatch}
