"""What an ARN of Multi-party approval looks like, and what a caller hears about things of other accounts."""

from .arns import account_in
from .exceptions import AccessDeniedException, MpaError, ResourceNotFoundException
from .undocumented import FOREIGN_ARN, chosen


def is_arn(arn: str, *kinds: str) -> bool:
    """Whether this is the ARN of one of these kinds of resource, in whatever account."""
    resource = arn.split(":", 5)[-1]
    return bool(account_in(arn)) and ":mpa:" in arn and resource.partition("/")[0] in kinds


def foreign(account: str, arn: str) -> MpaError:
    """The error for something of another account that is not shared: AWS does not say which one it is."""
    if chosen(FOREIGN_ARN) == "ResourceNotFound":
        return ResourceNotFoundException(f"There is no {arn}.")
    return AccessDeniedException(
        f"Account {account} does not own {arn}, and it is not shared with this account (or the share is not accepted)."
    )
