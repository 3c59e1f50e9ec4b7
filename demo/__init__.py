"""The story that `make demo` tells: an estate is deployed, lost to an attacker and recovered by vote."""
