"""Names under which states of earlier versions hold what is named otherwise today."""

import pulumi


def formerly(name: str, opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """The options, with an alias that takes the resource over from its former name.

    One component stands for all vaults or shares of a stack where each had its own: it takes over that of the first,
    and the others leave the state. An alias for each would be inherited by every child, so their number would grow by
    the square.
    """
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=[pulumi.Alias(name=name)]))
